package dev.kith.node.files.content;

import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/**
 * The groups that a file or folder object lies in. A put numbers its groups one after another, so
 * even a file of a tebibyte has few ranges.
 */
public record GroupRanges(List<Range> ranges) {
  public static final GroupRanges NONE = new GroupRanges(List.of());

  /** Ranges of one entry. */
  static final int RANGES_MAX = 4096;

  /** Groups of one range; what a walk over an entry may have to look at. */
  private static final int COUNT_MAX = 1 << 20;

  /**
   * Groups [first, first + count) of a put.
   *
   * @param putId 16 bytes
   */
  public record Range(Bytes putId, int first, int count) {
    public Range {
      if (putId.size() != GroupId.PUT_ID_BYTES) {
        throw new IllegalArgumentException("putId: " + putId.size() + " bytes");
      }
      if (first < 0 || count < 1 || count > COUNT_MAX || first > Integer.MAX_VALUE - count) {
        throw new IllegalArgumentException("range: " + first + " + " + count);
      }
    }
  }

  public GroupRanges {
    ranges = List.copyOf(ranges);
    if (ranges.size() > RANGES_MAX) {
      throw new IllegalArgumentException("ranges: " + ranges.size());
    }
  }

  /** The ranges of these groups, each once. */
  public static GroupRanges of(Collection<GroupName> groups) {
    TreeSet<GroupName> sorted =
        new TreeSet<>(Comparator.comparing(GroupName::putId).thenComparingInt(GroupName::number));
    sorted.addAll(groups);
    List<Range> ranges = new ArrayList<>();
    for (GroupName group : sorted) {
      Range last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null
          && last.putId().equals(group.putId())
          && last.first() + last.count() == group.number()) {
        ranges.set(ranges.size() - 1, new Range(last.putId(), last.first(), last.count() + 1));
      } else {
        ranges.add(new Range(group.putId(), group.number(), 1));
      }
    }
    return new GroupRanges(ranges);
  }

  public void forEach(Consumer<GroupName> visitor) {
    for (Range range : ranges) {
      for (int i = 0; i < range.count(); i++) {
        visitor.accept(new GroupName(range.putId(), range.first() + i));
      }
    }
  }

  /** count u16, then for each: put 16 | first u32 | count u32. */
  public void write(Writer to) {
    to.u16(ranges.size());
    for (Range range : ranges) {
      to.fixed(range.putId).u32(range.first).u32(range.count);
    }
  }

  public static GroupRanges read(Reader from) throws DecodeException {
    return new GroupRanges(
        from.list16(RANGES_MAX, r -> new Range(r.fixed(GroupId.PUT_ID_BYTES), r.u32(), r.u32())));
  }
}
