package dev.kith.libp2p.identity;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.multiformats.Multibase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The name of a peer: the multihash of its encoded public key (libp2p/specs peer-ids).
 *
 * <p>Keys of at most 42 encoded bytes (Ed25519, secp256k1) stand in the id itself; of longer ones
 * it is the SHA-256.
 *
 * @param multihash 34 bytes (SHA-256), or the identity multihash of at most 42 bytes
 */
public record PeerId(Bytes multihash) implements Comparable<PeerId> {
  /** The longest multihash that is taken from the wire. */
  public static final int BYTES_MAX = 64;

  private static final int IDENTITY = 0x00;
  private static final int SHA_256 = 0x12;
  private static final int INLINE_BYTES_MAX = 42;

  /** CIDv1 with the codec libp2p-key (0x72). */
  private static final Bytes CID_PREFIX = Bytes.of(0x01, 0x72);

  public PeerId {
    Objects.requireNonNull(multihash, "multihash");
    if (multihash.size() < 2 || multihash.size() > BYTES_MAX) {
      throw new IllegalArgumentException("multihash: " + multihash.size() + " bytes");
    }
    int digestBytes = multihash.get(1);
    boolean known =
        switch (multihash.get(0)) {
          case IDENTITY -> digestBytes >= 0 && digestBytes <= INLINE_BYTES_MAX;
          case SHA_256 -> digestBytes == 32;
          default -> false;
        };
    if (!known || multihash.size() != 2 + digestBytes) {
      throw new IllegalArgumentException("multihash: not of a key: " + multihash);
    }
    multihash = multihash.copy();
  }

  /**
   * The id with these bytes.
   *
   * @throws IllegalArgumentException when they are no identity or SHA-256 multihash
   */
  public static PeerId fromBytes(Bytes multihash) {
    return new PeerId(multihash);
  }

  /** The id of a key, given its encoded form. */
  static PeerId ofEncodedKey(Bytes encoded) {
    if (encoded.size() <= INLINE_BYTES_MAX) {
      return new PeerId(Bytes.concatenate(Bytes.of(IDENTITY, encoded.size()), encoded));
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded.toArrayUnsafe());
      return new PeerId(Bytes.concatenate(Bytes.of(SHA_256, 32), Bytes.wrap(digest)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Reads base58btc ({@code 12D3Koo...}, {@code 16Uiu2...}, {@code Qm...}) or a CIDv1 with codec
   * libp2p-key in any known multibase ({@code bafz...}, {@code k51...}).
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static PeerId parse(String text) {
    if (text.startsWith("Qm") || text.startsWith("1")) {
      return new PeerId(Multibase.BASE58BTC.decode(text));
    }
    Bytes cid = Multibase.decodePrefixed(text);
    if (cid.size() < CID_PREFIX.size() || !cid.slice(0, CID_PREFIX.size()).equals(CID_PREFIX)) {
      throw new IllegalArgumentException("text: a CID, but not of a peer");
    }
    return new PeerId(cid.slice(CID_PREFIX.size()));
  }

  /** The key, where the id holds one; empty for a hash, and for bytes that are no valid key. */
  public Optional<PublicKey> publicKey() {
    if (multihash.get(0) != IDENTITY) {
      return Optional.empty();
    }
    try {
      return Optional.of(Keys.decodePublic(multihash.slice(2)));
    } catch (ProtocolViolationException e) {
      return Optional.empty();
    }
  }

  /** As CIDv1 in base 32, {@code bafz...}. */
  public String toCid() {
    Multibase base = Multibase.BASE32;
    return base.prefix() + base.encode(Bytes.concatenate(CID_PREFIX, multihash));
  }

  @Override
  public int compareTo(PeerId other) {
    return multihash.compareTo(other.multihash);
  }

  /** The canonical form, base58btc. */
  @Override
  public String toString() {
    return Multibase.BASE58BTC.encode(multihash);
  }
}
