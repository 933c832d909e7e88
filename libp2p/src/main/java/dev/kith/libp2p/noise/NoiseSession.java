package dev.kith.libp2p.noise;

import dev.kith.libp2p.identity.PublicKey;
import java.util.List;

/**
 * A finished handshake: who the remote is, and a cipher for each direction.
 *
 * @param muxers what the remote offered by the early-muxer extension
 */
public record NoiseSession(
    PublicKey remoteKey, NoiseCipher sender, NoiseCipher receiver, List<String> muxers) {
  /** The longest message with its tag: its length travels in two bytes. */
  public static final int MESSAGE_MAX = 65_535;

  /** The longest plaintext of one message. */
  public static final int PLAINTEXT_MAX = MESSAGE_MAX - NoiseCipher.TAG_BYTES;

  /** The protocol's name in multistream-select. */
  public static final String PROTOCOL = "/noise";

  public NoiseSession {
    muxers = List.copyOf(muxers);
  }
}
