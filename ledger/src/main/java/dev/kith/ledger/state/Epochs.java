package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.ValidatorReady;
import dev.kith.ledger.state.Selection.Candidate;
import dev.kith.ledger.state.Standbys.Standby;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** When an epoch ends, and with whom the next one begins: all of it follows from the state. */
public final class Epochs {
  /** After so many blocks the committee is renewed where it can be, though nothing urges it. */
  static final long BLOCKS = 36_000;

  /** So it is after this much chain time: an hour. */
  static final long MILLIS = 3_600_000;

  /** Whoever was missed for this long is absent. */
  static final long ABSENT_MILLIS = 20_000;

  /** Whoever said no longer ago that it is ready counts as awake. */
  static final long READY_MILLIS = 60_000;

  private Epochs() {}

  /** The epoch that the next block belongs to. */
  public static EpochRow current(StateReader state) throws IOException {
    Bytes number = state.get(StateKeys.EPOCH);
    if (number == null) {
      throw new IllegalStateException("a state without an epoch");
    }
    return of(state, number.toLong())
        .orElseThrow(() -> new IllegalStateException("epoch " + number.toLong() + " has no row"));
  }

  /** An epoch that has begun; empty where none has this number. */
  public static Optional<EpochRow> of(StateReader state, long number) throws IOException {
    Bytes row = state.get(StateKeys.epoch(number));
    return row == null ? Optional.empty() : Optional.of(EpochRow.decode(row));
  }

  static Conduct conduct(StateReader state) throws IOException {
    return Conduct.decode(state.get(StateKeys.CONDUCT));
  }

  static Standbys standbys(StateReader state) throws IOException {
    return Standbys.decode(state.get(StateKeys.STANDBYS));
  }

  static Ban ban(StateReader state, int member) throws IOException {
    return Ban.decode(state.get(StateKeys.ban(member)));
  }

  /** The first epoch. Its validators' journals were made before the realm had a ledger. */
  static void begin(Overlay state, List<Integer> members, long timeMillis) throws IOException {
    List<EpochRow.Seat> seats = new ArrayList<>();
    for (int member : members) {
      Bytes journal = Bytes.wrap(new byte[ValidatorReady.JOURNAL_BYTES]);
      seats.add(new EpochRow.Seat(member, key(state, member), journal));
    }
    enter(state, new EpochRow(0, 0, timeMillis, sorted(seats)));
  }

  /** Takes in what a block's header claims of its committee. */
  static void claim(Overlay state, BlockContext block) throws IOException {
    if (block.attendance() == 0) {
      return;
    }
    EpochRow epoch = current(state);
    Conduct before = conduct(state);
    Conduct after =
        before.claimed(
            block.proposer(), block.attendance(), epoch.seats().size(), block.timeMillis());
    if (!after.equals(before)) {
      state.put(StateKeys.CONDUCT, after.encode());
    }
  }

  /** Ends the epoch with a block, after its records, if that is due. */
  static Optional<Ending> end(Overlay state, BlockContext block) throws IOException {
    EpochRow epoch = current(state);
    Conduct conduct = conduct(state);
    Standbys standbys = standbys(state);
    boolean due =
        block.height() >= epoch.startHeight() + BLOCKS
            || block.timeMillis() >= epoch.startMillis() + MILLIS;
    if (!due && conduct.equals(Conduct.GOOD) && standbys.members().isEmpty()) {
      return Optional.empty();
    }
    Selection selection =
        new Selection(
            epoch.number(),
            incumbents(state, epoch, conduct, block.timeMillis()),
            ready(state, standbys, block.timeMillis()));
    Optional<List<Candidate>> urgent = selection.urgent();
    Optional<List<Candidate>> next = urgent.isPresent() || !due ? urgent : selection.ordinary();
    if (next.isEmpty() || same(next.get(), epoch)) {
      return Optional.empty(); // the present committee goes on
    }
    List<EpochRow.Seat> seats =
        next.get().stream().map(c -> new EpochRow.Seat(c.member(), c.key(), c.journal())).toList();
    EpochRow following =
        new EpochRow(epoch.number() + 1, block.height(), block.timeMillis(), sorted(seats));
    dismiss(state, selection, following, standbys, block.timeMillis());
    enter(state, following);
    return Optional.of(new Ending(urgent.isPresent(), following));
  }

  private static boolean same(List<Candidate> next, EpochRow epoch) {
    return next.size() == epoch.seats().size()
        && next.stream().allMatch(candidate -> epoch.seatOf(candidate.member()) >= 0);
  }

  private static List<Candidate> incumbents(
      StateReader state, EpochRow epoch, Conduct conduct, long timeMillis) throws IOException {
    List<Candidate> incumbents = new ArrayList<>();
    int size = epoch.seats().size();
    for (int i = 0; i < size; i++) {
      EpochRow.Seat seat = epoch.seats().get(i);
      boolean goes = ((conduct.leaving() | conduct.evicted()) >> i & 1) != 0;
      boolean absent = conduct.absent(i, size, timeMillis - ABSENT_MILLIS);
      incumbents.add(
          new Candidate(
              seat.member(),
              seat.key(),
              owner(state, seat.member()),
              seat.journal(),
              !goes,
              !absent));
    }
    return incumbents;
  }

  private static List<Candidate> ready(StateReader state, Standbys standbys, long timeMillis)
      throws IOException {
    List<Candidate> ready = new ArrayList<>();
    for (Standby standby : standbys.members()) {
      int member = standby.member();
      if (standby.readyMillis() >= timeMillis - READY_MILLIS
          && ban(state, member).untilMillis() <= timeMillis) {
        ready.add(
            new Candidate(
                member, key(state, member), owner(state, member), standby.journal(), true, true));
      }
    }
    return ready;
  }

  /** Those who lose their seats: who is there may come back at once, who is not has to wait. */
  private static void dismiss(
      Overlay state, Selection selection, EpochRow next, Standbys standbys, long timeMillis)
      throws IOException {
    Standbys after = standbys;
    for (EpochRow.Seat seat : next.seats()) {
      after = after.without(seat.member());
    }
    for (Candidate gone : selection.incumbents()) {
      if (next.seatOf(gone.member()) >= 0 || !gone.stays()) {
        continue;
      }
      if (gone.ready()) {
        Standby standby = new Standby(gone.member(), timeMillis, gone.journal());
        boolean nameable = !gone.journal().isZero();
        after = nameable ? after.with(standby, timeMillis).orElse(after) : after;
      } else {
        state.put(
            StateKeys.ban(gone.member()), ban(state, gone.member()).absent(timeMillis).encode());
      }
    }
    if (!after.equals(standbys)) {
      state.put(StateKeys.STANDBYS, after.encode());
    }
  }

  private static void enter(Overlay state, EpochRow epoch) {
    state.put(StateKeys.epoch(epoch.number()), epoch.encode());
    state.put(StateKeys.EPOCH, Bytes.ofUnsignedLong(epoch.number()));
    state.put(StateKeys.CONDUCT, Conduct.GOOD.encode());
  }

  private static List<EpochRow.Seat> sorted(List<EpochRow.Seat> seats) {
    return seats.stream().sorted(Comparator.comparing(EpochRow.Seat::key)).toList();
  }

  private static Bytes key(StateReader state, int member) throws IOException {
    return LedgerKey.of(member(state, member).peer());
  }

  private static Bytes owner(StateReader state, int member) throws IOException {
    return member(state, member).grant().owner();
  }

  private static MemberRow member(StateReader state, int member) throws IOException {
    @Nullable Bytes row = state.get(StateKeys.member(member));
    if (row == null) {
      throw new DecodeException("member " + member + " has no row");
    }
    return MemberRow.decode(row);
  }
}
