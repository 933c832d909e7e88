package dev.kith.libp2p.multistream;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Predicate;

/**
 * Both sides of multistream-select 1.0, as straight-line code over blocking streams. Deadlines are
 * those of the streams; after any exception the caller resets the stream, as a FIN could be taken
 * for an agreement.
 */
public final class Multistream {
  /** How many proposals a listener answers before it gives up on the dialler. */
  public static final int PROPOSALS_MAX = 64;

  private Multistream() {}

  /**
   * Proposes protocols in order until the listener accepts one. The header goes out together with
   * the first proposal, so that agreement on it takes one round trip.
   *
   * @return the protocol that was accepted
   * @throws UnsupportedProtocolException when it accepts none
   */
  public static String dial(InputStream in, OutputStream out, List<String> protocols)
      throws IOException {
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("protocols: none");
    }
    boolean first = true;
    for (String protocol : protocols) {
      MultistreamMessage proposal = new MultistreamMessage(protocol);
      if (first) {
        write(out, MultistreamMessage.HEADER, proposal);
        expectHeader(in);
        first = false;
      } else {
        write(out, proposal);
      }
      MultistreamMessage answer = MultistreamMessage.read(in);
      if (answer.equals(proposal)) {
        return protocol;
      }
      if (!answer.equals(MultistreamMessage.NOT_AVAILABLE)) {
        throw new ProtocolViolationException("multistream: answer to another proposal");
      }
    }
    throw new UnsupportedProtocolException("the peer serves none of " + protocols);
  }

  /**
   * Answers proposals until one is served here.
   *
   * @return the protocol that was agreed on
   */
  public static String accept(InputStream in, OutputStream out, Predicate<String> served)
      throws IOException {
    // The header is sent before anything is read: js-libp2p waits for it.
    write(out, MultistreamMessage.HEADER);
    expectHeader(in);
    for (int i = 0; i < PROPOSALS_MAX; i++) {
      MultistreamMessage proposal = MultistreamMessage.read(in);
      if (served.test(proposal.text())) {
        write(out, proposal);
        return proposal.text();
      }
      write(out, MultistreamMessage.NOT_AVAILABLE);
    }
    throw new ProtocolViolationException("multistream: more than " + PROPOSALS_MAX + " proposals");
  }

  private static void expectHeader(InputStream in) throws IOException {
    if (!MultistreamMessage.read(in).equals(MultistreamMessage.HEADER)) {
      throw new ProtocolViolationException("multistream: not version 1.0.0");
    }
  }

  /** In one write, so that they share a frame. */
  private static void write(OutputStream out, MultistreamMessage... messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (MultistreamMessage message : messages) {
      bytes.writeBytes(message.encode());
    }
    out.write(bytes.toByteArray());
    out.flush();
  }
}
