package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.ValidatorReady;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Members without a seat that are willing to validate, in the order in which they last said so. */
record Standbys(List<Standby> members) {
  /** More than two committees: more would not be chosen from anyway. */
  static final int MEMBERS_MAX = 64;

  /** Willingness that was not repeated for so long is forgotten. */
  static final long LIFE_MILLIS = 3_600_000;

  Standbys {
    members = List.copyOf(members);
  }

  /**
   * A willing member.
   *
   * @param readyMillis when it last said that it is ready, in chain time
   */
  record Standby(int member, long readyMillis, Bytes journal) {}

  Optional<Standby> of(int member) {
    return members.stream().filter(standby -> standby.member == member).findFirst();
  }

  Standbys without(int member) {
    return new Standbys(members.stream().filter(standby -> standby.member != member).toList());
  }

  /** With a member's newest word; empty where there is no room. */
  Optional<Standbys> with(Standby standby, long timeMillis) {
    List<Standby> after = new ArrayList<>();
    for (Standby other : members) {
      if (other.member != standby.member && other.readyMillis > timeMillis - LIFE_MILLIS) {
        after.add(other);
      }
    }
    after.add(standby);
    return after.size() > MEMBERS_MAX ? Optional.empty() : Optional.of(new Standbys(after));
  }

  /** members (u8 count, each member u16 ‖ time u64 ‖ journal). */
  Bytes encode() {
    Writer to = new Writer(1 + members.size() * 26);
    to.u8(members.size());
    members.forEach(s -> to.u16(s.member).u63(s.readyMillis).fixed(s.journal));
    return to.toBytes();
  }

  static Standbys decode(@Nullable Bytes row) throws DecodeException {
    return row == null
        ? new Standbys(List.of())
        : Reader.whole(
            row,
            from ->
                new Standbys(
                    from.list8(
                        MEMBERS_MAX,
                        r ->
                            new Standby(r.u16(), r.u63(), r.fixed(ValidatorReady.JOURNAL_BYTES)))));
  }
}
