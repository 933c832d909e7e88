package dev.kith.libp2p.identity;

import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;

/**
 * The name of a peer: the multihash of its encoded public key (libp2p/specs peer-ids).
 *
 * @param multihash 34 bytes (SHA-256) or up to 44 (identity multihash, which holds the key itself)
 */
public record PeerId(Bytes multihash) implements Comparable<PeerId> {
  /** The longest multihash that is taken from the wire. */
  public static final int BYTES_MAX = 64;

  public PeerId {
    Objects.requireNonNull(multihash, "multihash");
    if (multihash.isEmpty() || multihash.size() > BYTES_MAX) {
      throw new IllegalArgumentException("multihash: " + multihash.size() + " bytes");
    }
    multihash = multihash.copy();
  }

  @Override
  public int compareTo(PeerId other) {
    return multihash.compareTo(other.multihash);
  }
}
