package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.Receipts;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** The chunk map and the owners' names. All compare-and-set. */
final class MapRules {
  private MapRules() {}

  static @Nullable Refusal apply(MapUpdate fact, int author, Transition at) throws IOException {
    Bytes found = at.row(StateKeys.group(fact.group()));
    if (found == null) {
      return create(fact, at);
    }
    MapRow row = MapRow.decode(found);
    if (fact.version() != row.version() + 1) {
      return Refusal.WRONG_VERSION;
    }
    boolean same =
        row.owner().equals(fact.owner())
            && row.putId().equals(fact.putId())
            && row.root().equals(fact.root())
            && row.bytes() == fact.bytes()
            && row.chunks() == fact.chunks();
    if (!same) {
      return Refusal.OUT_OF_BOUNDS;
    }
    if (!at.authorBelongsTo(row.owner()) && !onlyLeaves(author, fact, row)) {
      return Refusal.NOT_THE_OWNER;
    }
    Refusal refusal = checkHolders(fact, row.holders(), at);
    if (refusal == null) {
      replace(fact, row, row.createdMillis(), at);
    }
    return refusal;
  }

  private static @Nullable Refusal create(MapUpdate fact, Transition at) throws IOException {
    if (fact.version() != 1 || at.row(StateKeys.deadGroup(fact.group())) != null) {
      return Refusal.UNKNOWN_GROUP;
    }
    if (!at.authorBelongsTo(fact.owner())) {
      return Refusal.NOT_THE_OWNER;
    }
    if (fact.holders().isEmpty()) {
      return Refusal.OUT_OF_BOUNDS;
    }
    Refusal refusal = checkHolders(fact, List.of(), at);
    if (refusal == null) {
      replace(fact, null, at.timeMillis(), at);
    }
    return refusal;
  }

  /** A holder may take itself off the map, and change nothing else. */
  private static boolean onlyLeaves(int author, MapUpdate fact, MapRow row) {
    List<Integer> others = row.holders().stream().filter(holder -> holder != author).toList();
    List<Integer> left = fact.holders().stream().map(MapUpdate.Holder::member).toList();
    return row.holders().contains(author) && left.equals(others) && fact.wanted() == row.wanted();
  }

  /** A holder counts once it signed that it has the group on disk. */
  private static @Nullable Refusal checkHolders(MapUpdate fact, List<Integer> before, Transition at)
      throws IOException {
    Bytes message =
        Receipts.message(at.realmId(), fact.group(), fact.root(), fact.bytes(), fact.chunks());
    for (MapUpdate.Holder holder : fact.holders()) {
      if (at.member(holder.member()).isEmpty()) {
        return Refusal.NOT_A_MEMBER;
      }
      if (!before.contains(holder.member())
          && !at.signed(holder.member(), message, holder.receipt())) {
        return Refusal.BAD_SIGNATURE;
      }
    }
    return null;
  }

  private static void replace(
      MapUpdate fact, @Nullable MapRow before, long createdMillis, Transition at)
      throws IOException {
    List<Integer> holders = fact.holders().stream().map(MapUpdate.Holder::member).toList();
    Overlay state = at.state();
    if (before == null) {
      state.put(index(StateKeys.groupsOfOwner(fact.owner()), fact.group()), Bytes.EMPTY);
      count(fact.owner(), fact.putId(), 1, at);
    } else {
      for (int holder : before.holders()) {
        if (!holders.contains(holder)) {
          state.delete(index(StateKeys.groupsOfHolder(holder), fact.group()));
        }
      }
    }
    for (int holder : holders) {
      state.put(index(StateKeys.groupsOfHolder(holder), fact.group()), Bytes.EMPTY);
    }
    MapRow row =
        new MapRow(
            fact.owner(),
            fact.putId(),
            fact.version(),
            fact.root(),
            holders,
            fact.wanted(),
            fact.bytes(),
            fact.chunks(),
            createdMillis);
    state.put(StateKeys.group(fact.group()), row.encode());
  }

  static @Nullable Refusal apply(GroupDead fact, Transition at) throws IOException {
    Bytes found = at.row(StateKeys.group(fact.group()));
    if (found == null) {
      return Refusal.UNKNOWN_GROUP;
    }
    MapRow row = MapRow.decode(found);
    if (fact.version() != row.version()) {
      return Refusal.WRONG_VERSION;
    }
    if (!at.authorBelongsTo(row.owner())) {
      return Refusal.NOT_THE_OWNER;
    }
    Overlay state = at.state();
    state.delete(StateKeys.group(fact.group()));
    state.put(StateKeys.deadGroup(fact.group()), Bytes.ofUnsignedLong(at.height()));
    state.delete(index(StateKeys.groupsOfOwner(row.owner()), fact.group()));
    count(row.owner(), row.putId(), -1, at);
    for (int holder : row.holders()) {
      state.delete(index(StateKeys.groupsOfHolder(holder), fact.group()));
    }
    return null;
  }

  private static void count(Bytes owner, Bytes putId, int change, Transition at)
      throws IOException {
    Bytes key = StateKeys.groupCount(owner, putId);
    int count = groups(owner, putId, at) + change;
    if (count == 0) {
      at.state().delete(key);
    } else {
      at.state().put(key, Bytes.ofUnsignedInt(count));
    }
  }

  private static int groups(Bytes owner, Bytes putId, Transition at) throws IOException {
    Bytes count = at.row(StateKeys.groupCount(owner, putId));
    return count == null ? 0 : count.toInt();
  }

  /** The row: version u64 ‖ root (32) ‖ reference (u16 length). */
  static @Nullable Refusal apply(NamespacePut fact, Transition at) throws IOException {
    if (!at.authorBelongsTo(fact.owner())) {
      return Refusal.NOT_THE_OWNER;
    }
    Bytes found = at.row(StateKeys.namespace(fact.owner()));
    long version = found == null ? 0 : new Reader(found).u63();
    if (fact.version() != version + 1) {
      return Refusal.WRONG_VERSION;
    }
    // A row of the put may have been refused in this very batch, or declared dead since it was
    // made.
    if (fact.groups() != groups(fact.owner(), fact.putId(), at)) {
      return Refusal.UNKNOWN_GROUP;
    }
    Writer row = new Writer(256);
    row.u63(fact.version()).fixed(fact.root()).bytes16(fact.rootReference());
    at.state().put(StateKeys.namespace(fact.owner()), row.toBytes());
    at.state()
        .put(StateKeys.committedPut(fact.owner(), fact.putId()), Bytes.ofUnsignedLong(at.height()));
    return null;
  }

  static Bytes index(Bytes prefix, Bytes32 group) {
    return Bytes.concatenate(prefix, group);
  }
}
