package dev.kith.libp2p.noise;

import dev.kith.libp2p.identity.PublicKey;
import java.util.Optional;

/**
 * A finished handshake: who the remote is, and a cipher for each direction.
 *
 * @param muxer what was agreed on by the early-muxer extension; empty where one side does not speak
 *     it, and multistream has to decide
 */
public record NoiseSession(
    PublicKey remoteKey, NoiseCipher sender, NoiseCipher receiver, Optional<String> muxer) {
  /** The longest message with its tag: its length travels in two bytes. */
  public static final int MESSAGE_MAX = 65_535;

  /** The longest plaintext of one message. */
  public static final int PLAINTEXT_MAX = MESSAGE_MAX - NoiseCipher.TAG_BYTES;

  /** The protocol's name in multistream-select. */
  public static final String PROTOCOL = "/noise";
}
