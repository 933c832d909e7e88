package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
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
  /** Whether the author signed the batch with this digest, in this realm. */
  public boolean signed(Bytes32 realmId, Bytes32 batch) {
    return Signatures.verify(LedgerKey.of(author), Batch.message(realmId, batch), signature);
  }

  /**
   * author (33) ‖ sequence u64 ‖ index u16 ‖ expiry u64 ‖ fact (u16 length) ‖ signature (64): a
   * record outside its batch.
   */
  public void write(Writer to) {
    LedgerKey.write(to, author);
    to.u63(sequence).u16(index).u63(expiryHeight).bytes16(FactCodec.encode(fact)).fixed(signature);
  }

  /** What {@link #write} wrote. The signature is not checked here. */
  public static SignedRecord read(Reader from) throws DecodeException {
    PeerId author = LedgerKey.read(from);
    long sequence = from.u63();
    int index = from.u16();
    long expiryHeight = from.u63();
    Bytes fact = from.bytes16(Fact.BYTES_MAX);
    return new SignedRecord(
        author,
        sequence,
        index,
        expiryHeight,
        FactCodec.decode(fact),
        from.fixed(Bounds.SIGNATURE_BYTES),
        id(LedgerKey.of(author), sequence, index, expiryHeight, fact));
  }

  /** author (33) ‖ sequence u64 ‖ index u16 ‖ expiry u64 ‖ encoded fact, hashed. */
  static Bytes32 id(Bytes author, long sequence, int index, long expiryHeight, Bytes fact) {
    Writer to = new Writer(64 + fact.size());
    to.fixed(author).u63(sequence).u16(index).u63(expiryHeight).fixed(fact);
    return Hash.sha256(to.toBytes());
  }
}
