package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.noise.NoiseHandshake;
import dev.kith.libp2p.noise.NoiseIdentity;
import dev.kith.libp2p.noise.NoiseSession;
import dev.kith.libp2p.yamux.YamuxMuxer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection of a bare socket: agreement on Noise, its handshake, and agreement on yamux
 * where the handshake did not bring it along. Straight-line, on a virtual thread; the wire's
 * deadline ends it.
 *
 * @param session who the remote is, and the ciphers, which have counted this far
 * @param rest plaintext that came after the agreement, and belongs to the muxer
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Upgrade(NoiseSession session, Wire wire, byte[] rest) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * The dialler's side.
   *
   * @throws IOException when the remote is not {@code expected}; it learns nothing of this host
   */
  static Upgrade dial(Wire wire, NoiseIdentity self, PeerId expected) throws IOException {
    InputStream in = wire.input();
    OutputStream out = wire.output();
    Multistream.dial(in, out, List.of(NoiseSession.PROTOCOL));
    NoiseHandshake handshake = NoiseHandshake.initiator(self, RANDOM);
    NoiseSession session = handshake(handshake, true, in, out, expected);
    NoiseStreams.Input plainIn = new NoiseStreams.Input(in, session.receiver());
    NoiseStreams.Output plainOut = new NoiseStreams.Output(out, session.sender());
    if (session.muxer().isEmpty()) {
      Multistream.dial(plainIn, plainOut, List.of(YamuxMuxer.PROTOCOL));
    }
    return new Upgrade(session, wire, plainIn.rest());
  }

  /** The listener's side. */
  static Upgrade accept(Wire wire, NoiseIdentity self) throws IOException {
    InputStream in = wire.input();
    OutputStream out = wire.output();
    Multistream.accept(in, out, NoiseSession.PROTOCOL::equals);
    NoiseHandshake handshake = NoiseHandshake.responder(self, RANDOM);
    NoiseSession session = handshake(handshake, false, in, out, null);
    NoiseStreams.Input plainIn = new NoiseStreams.Input(in, session.receiver());
    NoiseStreams.Output plainOut = new NoiseStreams.Output(out, session.sender());
    if (session.muxer().isEmpty()) {
      Multistream.accept(plainIn, plainOut, YamuxMuxer.PROTOCOL::equals);
    }
    return new Upgrade(session, wire, plainIn.rest());
  }

  private static NoiseSession handshake(
      NoiseHandshake handshake,
      boolean dialler,
      InputStream in,
      OutputStream out,
      @Nullable PeerId expected)
      throws IOException {
    boolean sending = dialler;
    while (!handshake.done()) {
      if (sending) {
        NoiseStreams.writeMessage(out, handshake.send());
      } else {
        handshake.receive(NoiseStreams.readMessage(in, NoiseHandshake.MESSAGE_MAX));
        if (expected != null && !handshake.remoteKey().peerId().equals(expected)) {
          throw new IOException("another peer answers: " + handshake.remoteKey().peerId());
        }
      }
      sending = !sending;
    }
    return handshake.session();
  }

  PeerId remotePeer() {
    return session.remoteKey().peerId();
  }
}
