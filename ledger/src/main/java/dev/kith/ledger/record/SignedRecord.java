package dev.kith.ledger.record;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A fact with its author's signature. Records travel in a {@link Batch}, which is signed once.
 *
 * @param author the member that says so
 * @param sequence of the batch that carried it; unique for the author, replay protection
 * @param index within that batch, from 0
 * @param expiryHeight refused in blocks above this height
 * @param signature 64 bytes r‖s by the author over the batch
 * @param id SHA-256 of the encoded record without its signature
 */
public record SignedRecord(
    PeerId author,
    long sequence,
    int index,
    long expiryHeight,
    Fact fact,
    Bytes signature,
    Bytes32 id) {
  /** author (33) ‖ sequence u64 ‖ index u16 ‖ expiry u64 ‖ encoded fact, hashed. */
  static Bytes32 id(Bytes author, long sequence, int index, long expiryHeight, Bytes fact) {
    Writer to = new Writer(64 + fact.size());
    to.fixed(author).u63(sequence).u16(index).u63(expiryHeight).fixed(fact);
    return Hash.sha256(to.toBytes());
  }
}
