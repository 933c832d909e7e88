package dev.kith.dht.transfer;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;

/**
 * Messages and bulk data on one stream. One thread may read while another writes.
 *
 * <p>Headers are read through a small buffer; long reads go past it.
 */
final class MessageStream {
  /** Up to this length data is sent in one write with its header. */
  private static final int JOIN_BYTES = 32 << 10;

  private final InputStream in;
  private final OutputStream out;

  MessageStream(Stream stream) {
    this.in = new BufferedInputStream(stream.input(), 4096);
    this.out = stream.output();
  }

  /**
   * The next message without its length; empty when the remote ended the stream between two.
   *
   * @throws SocketTimeoutException when none began in time; then it may be called again
   */
  Optional<byte[]> read() throws IOException {
    int high = in.read();
    if (high < 0) {
      return Optional.empty();
    }
    byte[] rest = new byte[1];
    readData(rest, 1);
    int length = high << 8 | (rest[0] & 0xff);
    if (length < 1 || length > TransferLimits.MESSAGE_BYTES_MAX) {
      throw new ProtocolViolationException("a message of " + length + " bytes");
    }
    byte[] body = new byte[length];
    readData(body, length);
    return Optional.of(body);
  }

  /** Reads what belongs to a message; here a time-out is the end of the stream's use. */
  void readData(byte[] target, int length) throws IOException {
    try {
      if (in.readNBytes(target, 0, length) < length) {
        throw new EOFException("the stream ended within a message");
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("the stream stalled within a message", e);
    }
  }

  void write(byte[] message) throws IOException {
    out.write(message);
  }

  /** A message and the data that belongs to it. */
  void write(byte[] message, byte[] data, int length) throws IOException {
    if (length <= JOIN_BYTES) {
      byte[] joined = new byte[message.length + length];
      System.arraycopy(message, 0, joined, 0, message.length);
      System.arraycopy(data, 0, joined, message.length, length);
      out.write(joined);
    } else {
      out.write(message);
      out.write(data, 0, length);
    }
  }

  void writeData(byte[] data, int length) throws IOException {
    out.write(data, 0, length);
  }
}
