package dev.kith.libp2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A session takes bytes in any cut, while this side opens, reads, and closes streams: after each
 * length byte, the next so many bytes come, and the two highest bits say what this side does then.
 * Whatever happened, no memory is held when the session has ended.
 */
public final class YamuxFuzz {
  private static final int LENGTH_BITS = 6;

  private YamuxFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    ReceiveMemory memory = new ReceiveMemory(1 << 20, 1 << 20);
    Remote remote = new Remote();
    YamuxMuxer muxer = new YamuxMuxer(true, YamuxLimits.STANDARD, memory, remote, remote);
    int at = 0;
    while (at < data.length && !remote.failed) {
      int control = data[at++] & 0xff;
      int length = Math.min(control & ((1 << LENGTH_BITS) - 1), data.length - at);
      muxer.received(Arrays.copyOfRange(data, at, at + length), 0, length);
      at += length;
      act(control >>> LENGTH_BITS, muxer, remote);
    }
    muxer.ended("the input is used up");
    assertThat(memory.stored()).isZero();
    assertThat(memory.growth()).isZero();
    assertThat(muxer.openStreams()).isZero();
  }

  private static void act(int what, YamuxMuxer muxer, Remote remote) {
    YamuxStream last = remote.streams.isEmpty() ? null : remote.streams.getLast();
    try {
      switch (what) {
        case 1 -> remote.streams.add(muxer.open(java.time.Duration.ZERO));
        case 2 -> {
          if (last != null && last.input().available() > 0) {
            var _ = last.input().read(new byte[32]);
          }
          muxer.tick();
        }
        case 3 -> {
          if (last != null) {
            remote.streams.removeLast();
            last.close();
          }
        }
        default -> {}
      }
    } catch (IOException e) {
      // streams and sessions end
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes what is sent, and counts nothing. */
  private static final class Remote implements FrameSink, YamuxMuxer.Listener {
    private final List<YamuxStream> streams = new ArrayList<>();
    private boolean failed;

    @Override
    public void awaitRoom(long timeoutNanos) {}

    @Override
    public void send(FrameHeader header, byte[] payload, int offset, int length) {
      assertThat(header.encode()).hasSize(FrameHeader.BYTES);
    }

    @Override
    public void close() {}

    @Override
    public void opened(YamuxStream stream) {
      streams.add(stream);
    }

    @Override
    public void failed(String reason, boolean violation) {
      failed = true;
    }
  }
}
