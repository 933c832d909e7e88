package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.noise.NoiseCipher;
import dev.kith.libp2p.noise.NoiseHandshake;
import dev.kith.libp2p.noise.NoiseIdentity;
import dev.kith.libp2p.noise.NoiseSession;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Noise on a wire: messages are cut, opened and sealed here. */
final class NoiseChannel implements SecureChannel {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final NoiseSession session;
  private final NoiseStreams.Input input;
  private final NoiseStreams.Output output;

  private NoiseChannel(NoiseSession session, InputStream in, OutputStream out) {
    this.session = session;
    this.input = new NoiseStreams.Input(in, session.receiver());
    this.output = new NoiseStreams.Output(out, session.sender());
  }

  /**
   * The dialler's handshake.
   *
   * @throws IOException when the remote is not {@code expected}; it learns nothing of this host
   */
  static NoiseChannel dial(Wire wire, NoiseIdentity self, PeerId expected) throws IOException {
    return handshake(NoiseHandshake.initiator(self, RANDOM), true, wire, expected);
  }

  static NoiseChannel accept(Wire wire, NoiseIdentity self) throws IOException {
    return handshake(NoiseHandshake.responder(self, RANDOM), false, wire, null);
  }

  private static NoiseChannel handshake(
      NoiseHandshake handshake, boolean dialler, Wire wire, @Nullable PeerId expected)
      throws IOException {
    InputStream in = wire.input();
    OutputStream out = wire.output();
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
    return new NoiseChannel(handshake.session(), in, out);
  }

  @Override
  public Security security() {
    return Security.NOISE;
  }

  @Override
  public PublicKey remoteKey() {
    return session.remoteKey();
  }

  @Override
  public Optional<String> muxer() {
    return session.muxer();
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public byte[] rest() {
    return input.rest();
  }

  @Override
  public Sealer sealer() {
    return new NoiseSealer(session.sender());
  }

  @Override
  public Opener opener(Plaintext next) {
    return new NoiseReceiver(session.receiver(), next);
  }

  /** A message for each frame, with its length before it. */
  private static final class NoiseSealer implements Sealer {
    private static final int SCRATCH_FIRST = 1 << 10;
    private static final int LENGTH_BYTES = 2;

    private final NoiseCipher cipher;
    private byte[] scratch = new byte[SCRATCH_FIRST];

    NoiseSealer(NoiseCipher cipher) {
      this.cipher = cipher;
    }

    @Override
    public int sealedBytes(int plaintextBytes) {
      return LENGTH_BYTES + plaintextBytes + NoiseCipher.TAG_BYTES;
    }

    @Override
    public void seal(byte[] head, byte[] payload, int offset, int length, ByteBuf out) {
      int sealed = head.length + length + NoiseCipher.TAG_BYTES;
      if (scratch.length < sealed) {
        scratch = new byte[Math.max(sealed, 2 * scratch.length)];
      }
      cipher.seal(head, payload, offset, length, scratch, 0);
      out.writeShort(sealed).writeBytes(scratch, 0, sealed);
    }
  }
}
