package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * One row of the chunk map: which members hold a group. Compare-and-set: it is applied only where
 * the row's version is {@code version - 1} (0 = no row yet).
 *
 * <p>The {@link #group} follows from the owner, so nobody can claim an id of another owner's
 * groups.
 *
 * @param owner 33 bytes; only the owner's devices create a group
 * @param putId 16 bytes, the put that made the group
 * @param number of the group within its put
 * @param version from 1
 * @param root Merkle root of the group's chunk ids, fixed by version 1
 * @param holders at most 16; each with its receipt
 * @param wanted copies wanted
 * @param bytes stored bytes of one copy
 * @param chunks number of chunks
 */
public record MapUpdate(
    Bytes owner,
    Bytes putId,
    int number,
    int version,
    Bytes32 root,
    List<Holder> holders,
    int wanted,
    long bytes,
    int chunks)
    implements Fact {
  /** Holders of one group. */
  public static final int HOLDERS_MAX = 16;

  /** Length of a put's id. */
  public static final int PUT_ID_BYTES = 16;

  public MapUpdate {
    LedgerKey.require("owner", owner);
    Bounds.exactly("putId", putId, PUT_ID_BYTES);
    Bounds.range("number", number, 0, Integer.MAX_VALUE);
    Bounds.range("version", version, 1, Integer.MAX_VALUE);
    Bounds.count("holders", holders, 0, HOLDERS_MAX);
    Bounds.range("wanted", wanted, 1, HOLDERS_MAX);
    Bounds.range("bytes", bytes, 0, Long.MAX_VALUE);
    Bounds.range("chunks", chunks, 0, Integer.MAX_VALUE);
    holders = List.copyOf(holders);
    if (holders.stream().map(Holder::member).distinct().count() != holders.size()) {
      throw new IllegalArgumentException("holders: one member twice");
    }
  }

  /** The group that the row is about. */
  public Bytes32 group() {
    return group(owner, putId, number);
  }

  /** The id of a put's group: SHA-256(owner (33) ‖ put (16) ‖ number u32). */
  public static Bytes32 group(Bytes owner, Bytes putId, int number) {
    return Hash.sha256(owner, putId, Bytes.ofUnsignedInt(number));
  }

  /**
   * owner (33) ‖ put (16) ‖ number u32 ‖ version u32 ‖ root (32) ‖ holders (u8 count, each: member
   * u16, receipt u16 length 0 or 64) ‖ wanted u8 ‖ bytes u64 ‖ chunks u32.
   */
  void write(Writer to) {
    to.fixed(owner).fixed(putId).u32(number).u32(version).fixed(root).u8(holders.size());
    for (Holder holder : holders) {
      to.u16(holder.member).bytes16(holder.receipt);
    }
    to.u8(wanted).u63(bytes).u32(chunks);
  }

  static MapUpdate read(Reader from) throws DecodeException {
    return new MapUpdate(
        from.fixed(LedgerKey.BYTES),
        from.fixed(PUT_ID_BYTES),
        from.u32(),
        from.u32(),
        from.hash(),
        from.list8(HOLDERS_MAX, r -> new Holder(r.u16(), r.bytes16(Bounds.SIGNATURE_BYTES))),
        from.u8(),
        from.u63(),
        from.u32());
  }

  /**
   * A member that fsynced the group.
   *
   * @param member index in the member list
   * @param receipt 64 bytes r‖s by the holder over {@link Receipts#message}; empty for a holder
   *     that an earlier version already showed a receipt for
   */
  public record Holder(int member, Bytes receipt) {
    public Holder {
      Bounds.range("member", member, 0, 0xFFFF);
      if (!receipt.isEmpty()) {
        Bounds.exactly("receipt", receipt, Bounds.SIGNATURE_BYTES);
      }
    }
  }
}
