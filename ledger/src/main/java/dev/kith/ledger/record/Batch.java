package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Facts of one author under one signature: what travels, and what blocks order. Its digest is the
 * Merkle root over the ids of its records and does not cover the signature, so it names the facts
 * alone. Immutable.
 */
public final class Batch {
  /** Records in one batch. */
  public static final int RECORDS_MAX = 256;

  /** The longest encoding: 64 KiB. */
  public static final int BYTES_MAX = 64 * 1024;

  private static final Bytes DOMAIN =
      Bytes.wrap("kith/batch/1".getBytes(StandardCharsets.US_ASCII));

  private final PeerId author;
  private final long sequence;
  private final long expiryHeight;
  private final List<Fact> facts;
  private final Bytes signature;
  private final List<Bytes32> ids;
  private final Bytes32 digest;
  private final Bytes encoded;

  private Batch(PeerId author, long sequence, long expiryHeight, List<Fact> facts, Signer signer) {
    Bounds.range("sequence", sequence, 0, Long.MAX_VALUE);
    Bounds.range("expiryHeight", expiryHeight, 0, Long.MAX_VALUE);
    Bounds.count("facts", facts, 1, RECORDS_MAX);
    this.author = author;
    this.sequence = sequence;
    this.expiryHeight = expiryHeight;
    this.facts = List.copyOf(facts);
    Bytes key = LedgerKey.of(author);
    Writer to = new Writer(1024);
    to.fixed(key).u63(sequence).u63(expiryHeight).u16(facts.size());
    List<Bytes32> recordIds = new ArrayList<>(facts.size());
    for (Fact fact : facts) {
      Bytes bytes = FactCodec.encode(fact);
      recordIds.add(SignedRecord.id(key, sequence, recordIds.size(), expiryHeight, bytes));
      to.bytes16(bytes);
    }
    ids = List.copyOf(recordIds);
    digest = Merkle.root(ids);
    signature = signer.sign(digest);
    Bounds.exactly("signature", signature, Bounds.SIGNATURE_BYTES);
    encoded = to.fixed(signature).toBytes();
    Bounds.range("batch bytes", encoded.size(), 1, BYTES_MAX);
  }

  /**
   * Signs facts.
   *
   * @param sequence unique for the author, and not far below its highest one
   * @throws IllegalArgumentException when there are too many facts, or they are too long together
   */
  public static Batch sign(
      Bytes32 realmId, PrivateKey author, long sequence, long expiryHeight, List<Fact> facts) {
    return new Batch(
        author.publicKey().peerId(),
        sequence,
        expiryHeight,
        facts,
        digest -> Signatures.sign(author, message(realmId, digest)));
  }

  /** Whether the signature is the author's, in this realm. */
  public boolean verify(Bytes32 realmId) {
    return Signatures.verify(LedgerKey.of(author), message(realmId, digest), signature);
  }

  static Bytes message(Bytes32 realmId, Bytes32 digest) {
    return Bytes.concatenate(DOMAIN, realmId, digest);
  }

  public PeerId author() {
    return author;
  }

  public long sequence() {
    return sequence;
  }

  /** The highest block that it may stand in with effect. */
  public long expiryHeight() {
    return expiryHeight;
  }

  public List<Fact> facts() {
    return facts;
  }

  public Bytes32 digest() {
    return digest;
  }

  /** The facts as records, in order. */
  public List<SignedRecord> records() {
    List<SignedRecord> records = new ArrayList<>(facts.size());
    for (int i = 0; i < facts.size(); i++) {
      records.add(
          new SignedRecord(author, sequence, i, expiryHeight, facts.get(i), signature, ids.get(i)));
    }
    return records;
  }

  /**
   * author (33) ‖ sequence u64 ‖ expiry u64 ‖ facts (u16 count, each u16 length) ‖ signature (64).
   */
  public Bytes encoded() {
    return encoded;
  }

  /** The batch that these bytes, and nothing more, encode. Its signature is not checked here. */
  public static Batch decode(Bytes bytes) throws DecodeException {
    if (bytes.size() > BYTES_MAX) {
      throw new DecodeException("a batch of " + bytes.size() + " bytes");
    }
    return Reader.whole(bytes, Batch::read);
  }

  private static Batch read(Reader from) throws DecodeException {
    PeerId author = LedgerKey.read(from);
    long sequence = from.u63();
    long expiryHeight = from.u63();
    List<Fact> facts = from.list16(RECORDS_MAX, r -> FactCodec.decode(r.bytes16(Fact.BYTES_MAX)));
    Bytes signature = from.fixed(Bounds.SIGNATURE_BYTES);
    return new Batch(author, sequence, expiryHeight, facts, digest -> signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Batch batch && batch.encoded.equals(encoded);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return facts.size() + " facts of " + author + " " + digest.toShortHexString();
  }

  /** Signs a digest. */
  private interface Signer {
    Bytes sign(Bytes32 digest);
  }
}
