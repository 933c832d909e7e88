package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A group that nothing refers to any more: holders may delete it once this is final. By a device of
 * the group's owner; compare-and-set on the row's version.
 */
public record GroupDead(Bytes32 group, int version) implements Fact {
  public GroupDead {
    Bounds.range("version", version, 1, Integer.MAX_VALUE);
  }

  /** group (32) ‖ version u32. */
  void write(Writer to) {
    to.fixed(group).u32(version);
  }

  static GroupDead read(Reader from) throws DecodeException {
    return new GroupDead(from.hash(), from.u32());
  }
}
