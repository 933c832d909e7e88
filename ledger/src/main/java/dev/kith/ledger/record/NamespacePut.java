package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The owner's files changed: the new root of the owner's tree of names. Compare-and-set on version
 * (0 = none yet), and on the groups of {@code putId}, which it commits: names must not lead to what
 * is not there.
 *
 * @param owner 33 bytes
 * @param version from 1
 * @param root hash of the encrypted root object
 * @param rootReference where the root object lies and its key, encrypted for the owner's devices;
 *     at most 512 bytes
 * @param putId 16 bytes
 * @param groups how many rows of the chunk map the put has when this is applied; refused where they
 *     are more or fewer
 */
public record NamespacePut(
    Bytes owner, long version, Bytes32 root, Bytes rootReference, Bytes putId, int groups)
    implements Fact {
  /** The longest {@code rootReference}. */
  public static final int REFERENCE_BYTES_MAX = 512;

  public NamespacePut {
    LedgerKey.require("owner", owner);
    Bounds.range("version", version, 1, Long.MAX_VALUE);
    Bounds.atMost("rootReference", rootReference, REFERENCE_BYTES_MAX);
    Bounds.exactly("putId", putId, MapUpdate.PUT_ID_BYTES);
    Bounds.range("groups", groups, 0, Integer.MAX_VALUE);
  }

  /** owner (33) ‖ version u64 ‖ root (32) ‖ reference (u16 length) ‖ put (16) ‖ groups u32. */
  void write(Writer to) {
    to.fixed(owner).u63(version).fixed(root).bytes16(rootReference).fixed(putId).u32(groups);
  }

  static NamespacePut read(Reader from) throws DecodeException {
    return new NamespacePut(
        from.fixed(LedgerKey.BYTES),
        from.u63(),
        from.hash(),
        from.bytes16(REFERENCE_BYTES_MAX),
        from.fixed(MapUpdate.PUT_ID_BYTES),
        from.u32());
  }
}
