package dev.kith.libp2p.swarm;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.noise.NoiseCipher;
import dev.kith.libp2p.noise.NoiseSession;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Noise messages over blocking streams: two bytes of length, big-endian, before each. Only
 * handshakes and the muxer's negotiation run over it; later the event loop opens messages, and
 * writers seal them.
 */
final class NoiseStreams {
  private static final byte[] NO_BYTES = {};

  private NoiseStreams() {}

  static void writeMessage(OutputStream out, byte[] message) throws IOException {
    byte[] framed = new byte[2 + message.length];
    framed[0] = (byte) (message.length >>> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    out.write(framed);
  }

  static byte[] readMessage(InputStream in, int bytesMax) throws IOException {
    int high = in.read();
    int low = in.read();
    if (high < 0 || low < 0) {
      throw new EOFException("noise: cut off");
    }
    int length = (high << 8) | low;
    if (length > bytesMax) {
      throw new ProtocolViolationException("noise: message of " + length + " bytes");
    }
    byte[] message = in.readNBytes(length);
    if (message.length < length) {
      throw new EOFException("noise: cut off");
    }
    return message;
  }

  /** Plaintext out of messages; what of the last one was not read is {@link #rest}. */
  static final class Input extends InputStream {
    private final InputStream in;
    private final NoiseCipher cipher;
    private byte[] message = NO_BYTES;
    private int at;
    private int end;

    Input(InputStream in, NoiseCipher cipher) {
      this.in = in;
      this.cipher = cipher;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      if (length == 0) {
        return 0; // as readNBytes asks at its end: there may be nothing to wait for
      }
      while (at == end) {
        message = readMessage(in, NoiseSession.MESSAGE_MAX);
        at = 0;
        end = cipher.open(message, 0, message.length);
      }
      int size = Math.min(length, end - at);
      System.arraycopy(message, at, bytes, offset, size);
      at += size;
      return size;
    }

    byte[] rest() {
      return Arrays.copyOfRange(message, at, end);
    }
  }

  /** A message for each write. */
  static final class Output extends OutputStream {
    private final OutputStream out;
    private final NoiseCipher cipher;

    Output(OutputStream out, NoiseCipher cipher) {
      this.out = out;
      this.cipher = cipher;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > NoiseSession.PLAINTEXT_MAX) {
        throw new IllegalArgumentException("length: " + length);
      }
      byte[] message = new byte[length + NoiseCipher.TAG_BYTES];
      cipher.seal(NO_BYTES, bytes, offset, length, message, 0);
      writeMessage(out, message);
    }
  }
}
