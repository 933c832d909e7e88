package dev.kith.libp2p.swarm;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.noise.NoiseCipher;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a socket's bytes into Noise messages and opens each in the array that it is copied to, which
 * is then the next one's to keep. Runs on the event loop.
 */
final class NoiseReceiver implements SecureChannel.Opener {
  private final NoiseCipher cipher;
  private final SecureChannel.Plaintext next;
  private int lengthHigh = -1;
  private byte @Nullable [] message;
  private int filled;

  NoiseReceiver(NoiseCipher cipher, SecureChannel.Plaintext next) {
    this.cipher = cipher;
    this.next = next;
  }

  @Override
  public void received(ByteBuf in) throws ProtocolViolationException {
    while (in.isReadable()) {
      byte[] current = message;
      if (current == null) {
        begin(in);
        continue;
      }
      int part = Math.min(in.readableBytes(), current.length - filled);
      in.readBytes(current, filled, part);
      filled += part;
      if (filled == current.length) {
        message = null;
        int size = cipher.open(current, 0, current.length);
        if (size > 0) {
          next.received(current, 0, size);
        }
      }
    }
  }

  /** The two bytes of a length may come apart. */
  private void begin(ByteBuf in) throws ProtocolViolationException {
    int b = in.readUnsignedByte();
    if (lengthHigh < 0) {
      lengthHigh = b;
      return;
    }
    int length = (lengthHigh << 8) | b;
    lengthHigh = -1;
    if (length < NoiseCipher.TAG_BYTES) {
      throw new ProtocolViolationException("noise: message of " + length + " bytes");
    }
    message = new byte[length];
    filled = 0;
  }
}
