package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;

/**
 * secp256k1 keys as the ledger writes them: 33 bytes, a compressed point. The PeerId of such a key
 * holds the key itself (libp2p/specs peer-ids), so the two forms are one.
 */
public final class LedgerKey {
  /** Length of a compressed point. */
  public static final int BYTES = 33;

  /** Identity multihash of 37 bytes; protobuf PublicKey{Type = Secp256k1, Data = 33 bytes}. */
  private static final Bytes PEER_ID_PREFIX = Bytes.of(0x00, 0x25, 0x08, 0x02, 0x12, 0x21);

  private LedgerKey() {}

  /**
   * The key within a PeerId.
   *
   * @throws IllegalArgumentException when the PeerId is not of a secp256k1 key
   */
  public static Bytes of(PeerId peer) {
    Bytes multihash = peer.multihash();
    int prefix = PEER_ID_PREFIX.size();
    if (multihash.size() != prefix + BYTES
        || !multihash.slice(0, prefix).equals(PEER_ID_PREFIX)
        || !compressed(multihash.slice(prefix))) {
      throw new IllegalArgumentException("peer: not a secp256k1 peer id");
    }
    return multihash.slice(prefix).copy();
  }

  /** The PeerId of a key. */
  public static PeerId peerId(Bytes key) {
    return new PeerId(Bytes.concatenate(PEER_ID_PREFIX, require("key", key)));
  }

  /** The key, if it has the form of a compressed point. */
  static Bytes require(String field, Bytes key) {
    if (key.size() != BYTES || !compressed(key)) {
      throw new IllegalArgumentException(field + ": not a compressed secp256k1 key");
    }
    return key;
  }

  /** Writes the 33 bytes of a peer's key. */
  public static void write(Writer to, PeerId peer) {
    to.fixed(of(peer));
  }

  /** Reads what {@link #write} wrote. */
  public static PeerId read(Reader from) throws DecodeException {
    return from.one(reader -> peerId(reader.fixed(BYTES)));
  }

  private static boolean compressed(Bytes key) {
    return key.get(0) == 2 || key.get(0) == 3;
  }
}
