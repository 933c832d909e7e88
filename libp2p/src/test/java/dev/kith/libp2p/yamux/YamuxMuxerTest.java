package dev.kith.libp2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.host.StreamResetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The muxer between a test that writes frames by hand and one that looks at what it sends. */
class YamuxMuxerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int WINDOW = 256 << 10;
  private static final int MIB = 1 << 20;

  private final List<FrameHeader> sent = new ArrayList<>();
  private final ByteArrayOutputStream payloads = new ByteArrayOutputStream();
  private final List<YamuxStream> opened = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private boolean sinkClosed;

  private final FrameSink sink =
      new FrameSink() {
        @Override
        public void awaitRoom(long timeoutNanos) {}

        @Override
        public void send(FrameHeader header, byte[] payload, int offset, int length) {
          sent.add(header);
          payloads.write(payload, offset, length);
        }

        @Override
        public void close() {
          sinkClosed = true;
        }
      };

  private final YamuxMuxer.Listener listener =
      new YamuxMuxer.Listener() {
        @Override
        public void opened(YamuxStream stream) {
          stream.timeout(TimeUnit.SECONDS.toNanos(10));
          opened.add(stream);
        }

        @Override
        public void failed(String reason, boolean violation) {
          failures.add(reason);
        }
      };

  private final ReceiveMemory memory = new ReceiveMemory(16 * MIB, 4 * MIB);
  private final YamuxMuxer muxer =
      new YamuxMuxer(false, YamuxLimits.STANDARD, memory, sink, listener);

  private void receive(FrameHeader header, byte[] payload) {
    byte[] frame = Arrays.copyOf(header.encode(), FrameHeader.BYTES + payload.length);
    System.arraycopy(payload, 0, frame, FrameHeader.BYTES, payload.length);
    muxer.received(frame, 0, frame.length);
  }

  private void receive(FrameType type, int flags, long id, long length) {
    receive(new FrameHeader(type, flags, id, length), new byte[0]);
  }

  private YamuxStream open(long id) {
    receive(FrameType.WINDOW_UPDATE, FrameHeader.SYN, id, 0);
    return opened.getLast();
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void frames_mayBeCutAnywhere() throws IOException {
    byte[] data = random(1, 3000);
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(new FrameHeader(FrameType.DATA, FrameHeader.SYN, 1, 1000).encode());
    wire.write(data, 0, 1000);
    wire.writeBytes(new FrameHeader(FrameType.PING, FrameHeader.SYN, 0, 7).encode());
    wire.writeBytes(new FrameHeader(FrameType.DATA, FrameHeader.FIN, 1, 2000).encode());
    wire.write(data, 1000, 2000);
    for (int step : new int[] {1, 2, 5, 11, 12, 13, 500, 5000}) {
      YamuxMuxer fresh = new YamuxMuxer(false, YamuxLimits.STANDARD, memory, sink, listener);
      byte[] bytes = wire.toByteArray();
      for (int at = 0; at < bytes.length; at += step) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
        fresh.received(part, 0, part.length);
      }
      assertThat(opened.getLast().input().readAllBytes()).as("step %d", step).isEqualTo(data);
      assertThat(sent).contains(new FrameHeader(FrameType.PING, FrameHeader.ACK, 0, 7));
      sent.clear();
    }
    assertThat(memory.stored()).isZero();
  }

  @Test
  void write_isCutIntoFramesAndEndsWithALoneFin() throws IOException {
    YamuxStream stream = open(1);
    byte[] data = random(2, WINDOW);
    stream.output().write(data);
    stream.closeWrite();
    assertThat(payloads.toByteArray()).isEqualTo(data);
    assertThat(sent.getFirst().flags()).isEqualTo(FrameHeader.ACK);
    assertThat(sent.getFirst().length()).isEqualTo(YamuxMuxer.PAYLOAD_MAX);
    assertThat(sent.getLast())
        .isEqualTo(new FrameHeader(FrameType.WINDOW_UPDATE, FrameHeader.FIN, 1, 0));
    assertThatIOException().isThrownBy(() -> stream.output().write(1));
  }

  @Test
  void write_waitsForTheWindow() throws IOException {
    YamuxStream stream = open(1);
    stream.output().write(new byte[WINDOW]);
    stream.timeout(TimeUnit.MILLISECONDS.toNanos(20));
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> stream.output().write(1));
    receive(FrameType.WINDOW_UPDATE, 0, 1, 10);
    stream.output().write(new byte[10]);
    assertThat(payloads.size()).isEqualTo(WINDOW + 10);
  }

  @Test
  void tinyFrames_doNotPinLargeArrays() throws IOException {
    YamuxStream stream = open(1);
    // Each byte comes in an array of 60,000, most of which is for a stream that is gone.
    for (int i = 0; i < 2000; i++) {
      byte[] array = new byte[60_000];
      System.arraycopy(
          new FrameHeader(FrameType.DATA, 0, 1, 1).encode(), 0, array, 0, FrameHeader.BYTES);
      array[FrameHeader.BYTES] = (byte) i;
      System.arraycopy(
          new FrameHeader(FrameType.DATA, 0, 99, array.length - 25).encode(),
          0,
          array,
          FrameHeader.BYTES + 1,
          FrameHeader.BYTES);
      muxer.received(array, 0, array.length);
    }
    byte[] read = stream.input().readNBytes(2000);
    for (int i = 0; i < read.length; i++) {
      assertThat(read[i]).isEqualTo((byte) i);
    }
  }

  @Test
  void hoardedBytes_areBoundedOverAllStreams() throws IOException {
    byte[] block = new byte[WINDOW];
    List<YamuxStream> streams = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      streams.add(open(1 + 2 * i));
      receive(new FrameHeader(FrameType.DATA, 0, 1 + 2 * i, WINDOW), block);
    }
    assertThat(memory.stored()).isLessThanOrEqualTo(4 * MIB + WINDOW);
    assertThat(streams.getFirst().input().readNBytes(WINDOW)).hasSize(WINDOW);
    assertThatExceptionOfType(StreamResetException.class)
        .isThrownBy(() -> streams.getLast().input().read())
        .withMessageContaining("memory");
    muxer.ended("test");
    assertThat(memory.stored()).isZero();
  }

  @Test
  void smallMessages_passWhileAnotherStreamHoardsAllMemory() throws IOException {
    for (int i = 0; i < 16; i++) {
      open(1 + 2 * i);
      receive(new FrameHeader(FrameType.DATA, 0, 1 + 2 * i, WINDOW), new byte[WINDOW]);
    }
    YamuxStream small = open(101);
    receive(new FrameHeader(FrameType.DATA, 0, 101, 1000), new byte[1000]);
    assertThat(small.input().readNBytes(1000)).hasSize(1000);
  }

  @Test
  void garbage_endsTheSessionWithAGoAway() {
    muxer.received(new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, 0, 12);
    assertThat(sent).containsExactly(new FrameHeader(FrameType.GO_AWAY, 0, 0, 1));
    assertThat(sinkClosed).isTrue();
    assertThat(failures).hasSize(1);
    receive(FrameType.WINDOW_UPDATE, FrameHeader.SYN, 1, 0);
    assertThat(opened).as("nothing is taken any more").isEmpty();
  }

  @Test
  void randomBytes_neverThrow() {
    long seed = 5;
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      YamuxMuxer fresh = new YamuxMuxer(false, YamuxLimits.STANDARD, memory, sink, listener);
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 12) {
        bytes[0] = 0;
        bytes[1] = (byte) random.nextInt(4);
        bytes[2] = 0;
        bytes[3] = (byte) random.nextInt(16);
        Arrays.fill(bytes, 8, 11, (byte) 0);
      }
      fresh.received(bytes, 0, bytes.length);
      fresh.ended("seed " + seed);
    }
    assertThat(memory.stored()).isZero();
    assertThat(memory.growth()).isZero();
  }

  @Test
  void ended_resetsStreamsAndRefusesNewOnes() {
    YamuxStream stream = open(1);
    muxer.ended("the connection was lost");
    assertThatExceptionOfType(StreamResetException.class)
        .isThrownBy(() -> stream.input().read())
        .withMessage("the connection was lost");
    assertThatExceptionOfType(StreamResetException.class)
        .isThrownBy(() -> stream.output().write(1));
    assertThatIOException().isThrownBy(() -> muxer.open(SOON));
    assertThat(muxer.openStreams()).isZero();
  }

  @Test
  void open_waitsForAcknowledgements() throws Exception {
    for (int i = 0; i < YamuxLimits.STANDARD.unackedStreamsMax(); i++) {
      muxer.open(SOON);
    }
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> muxer.open(Duration.ofMillis(20)));
    receive(FrameType.WINDOW_UPDATE, FrameHeader.ACK, 2, 0);
    assertThat(muxer.open(SOON).id()).isEqualTo(514);
  }

  @Test
  void dataThatCameBeforeTheRemoteClosed_isReadBeforeTheEnd() throws IOException {
    YamuxStream stream = open(1);
    receive(new FrameHeader(FrameType.DATA, FrameHeader.FIN, 1, 3), new byte[] {1, 2, 3});
    stream.closeWrite();
    assertThat(stream.input().readAllBytes()).containsExactly(1, 2, 3);
    assertThat(muxer.openStreams()).isZero();
  }
}
