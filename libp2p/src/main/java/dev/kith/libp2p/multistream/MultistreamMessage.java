package dev.kith.libp2p.multistream;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * One line of the negotiation: a varint with the length of what follows, the text, and a newline,
 * which the length counts.
 *
 * <p>It is read byte by byte off the stream and never past its end: what follows the line that ends
 * the negotiation belongs to the protocol that was agreed on.
 *
 * @param text without the newline, which it must not hold
 */
record MultistreamMessage(String text) {
  /** With its newline; go-multistream draws the line at the same length. */
  static final int BYTES_MAX = 1_024;

  static final MultistreamMessage HEADER = new MultistreamMessage("/multistream/1.0.0");
  static final MultistreamMessage NOT_AVAILABLE = new MultistreamMessage("na");

  MultistreamMessage {
    if (text.isEmpty() || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("text: empty or of several lines");
    }
  }

  byte[] encode() {
    byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > BYTES_MAX) {
      throw new IllegalArgumentException("text: " + line.length + " bytes");
    }
    return Varint.prefixed(line);
  }

  static MultistreamMessage read(InputStream in) throws IOException {
    byte[] line = Varint.readMessage(in, BYTES_MAX);
    if (line == null) {
      throw new EOFException("multistream: the peer closed the stream");
    }
    if (line.length < 2 || line[line.length - 1] != '\n') {
      throw new ProtocolViolationException("multistream: a line without its newline");
    }
    String text = new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
    if (text.indexOf('\n') >= 0) {
      throw new ProtocolViolationException("multistream: a newline within a line");
    }
    return new MultistreamMessage(text);
  }
}
