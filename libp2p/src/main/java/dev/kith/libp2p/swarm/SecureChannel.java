package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PublicKey;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A channel whose handshake is through. While the muxer is agreed on its plaintext is read and
 * written by one blocking thread; from then on the event loop opens, and writers seal.
 */
interface SecureChannel {
  Security security();

  PublicKey remoteKey();

  /** What the handshake agreed on; empty where multistream has to. */
  Optional<String> muxer();

  InputStream input();

  OutputStream output();

  /** Plaintext that was taken off the wire, and not off {@link #input}. */
  byte[] rest();

  Sealer sealer();

  Opener opener(Plaintext next);

  /** Makes what goes to the socket. Called by one thread at a time, in the order of sending. */
  interface Sealer {
    /** How many bytes {@link #seal} writes for so many bytes of plaintext. */
    int sealedBytes(int plaintextBytes);

    void seal(byte[] head, byte[] payload, int offset, int length, ByteBuf out);
  }

  /** Takes what comes from the socket, on the event loop. */
  @FunctionalInterface
  interface Opener {
    /** The buffer is the caller's, who releases it. */
    void received(ByteBuf bytes) throws IOException;
  }

  /** Takes plaintext; the array is its own from then on. */
  @FunctionalInterface
  interface Plaintext {
    void received(byte[] bytes, int offset, int length);
  }
}
