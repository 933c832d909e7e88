package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.MapUpdate;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** A row of the chunk map as the state keeps it; whether its put was committed is a key apart. */
record MapRow(
    Bytes owner,
    Bytes putId,
    int version,
    Bytes32 root,
    List<Integer> holders,
    int wanted,
    long bytes,
    int chunks,
    long createdMillis) {
  /**
   * owner (33) ‖ put (16) ‖ version u32 ‖ root (32) ‖ holders (u8 count, each u16) ‖ wanted u8 ‖
   * bytes u64 ‖ chunks u32 ‖ created u64.
   */
  Bytes encode() {
    Writer to = new Writer(160);
    to.fixed(owner).fixed(putId).u32(version).fixed(root).u8(holders.size());
    holders.forEach(to::u16);
    return to.u8(wanted).u63(bytes).u32(chunks).u63(createdMillis).toBytes();
  }

  static MapRow decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from ->
            new MapRow(
                from.fixed(LedgerKey.BYTES),
                from.fixed(MapUpdate.PUT_ID_BYTES),
                from.u32(),
                from.hash(),
                from.list8(MapUpdate.HOLDERS_MAX, Reader::u16),
                from.u8(),
                from.u63(),
                from.u32(),
                from.u63()));
  }
}
