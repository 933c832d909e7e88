package dev.kith.ledger.state;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.Hash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Who gets the seats of the next epoch: a pure function of what the chain knows of the candidates.
 *
 * @param epoch the one that may end
 * @param incumbents the present validators
 * @param standbys members without a seat that said lately that they are ready
 */
record Selection(long epoch, List<Candidate> incumbents, List<Candidate> standbys) {
  /** Seats that an ordinary epoch's end may give to others, as a share of the committee. */
  private static final int SHARE_REPLACED = 6;

  /**
   * Somebody who could have a seat.
   *
   * @param stays for incumbents: neither leaves nor was proved to lie
   * @param ready it votes, or said lately that it would
   */
  record Candidate(
      int member, Bytes key, Bytes owner, Bytes journal, boolean stays, boolean ready) {
    private Bytes order(long epoch) {
      return Hash.sha256(Bytes.ofUnsignedLong(epoch), key);
    }
  }

  /** The largest committee that so many members can fill; 0 for none at all. */
  static int sizeFor(int members) {
    return Genesis.COMMITTEE_SIZES.stream().filter(size -> size <= members).reduce(0, Math::max);
  }

  private List<Candidate> readyIncumbents() {
    return incumbents.stream().filter(c -> c.stays && c.ready).toList();
  }

  /**
   * The next committee if the epoch must end at once, or better should: a validator leaves or lied,
   * so many are away that the quorum is in danger, or there are enough devices for a larger one.
   */
  Optional<List<Candidate>> urgent() {
    List<Candidate> ready = readyIncumbents();
    long away = incumbents.stream().filter(c -> c.stays && !c.ready).count();
    boolean goes = incumbents.stream().anyMatch(c -> !c.stays);
    int size = sizeFor(ready.size() + standbys.size());
    boolean thinned = incumbents.size() > 1 && away >= Committee.urgentAbsences(incumbents.size());
    if (size == 0 || !(goes || thinned || size > incumbents.size())) {
      return Optional.empty();
    }
    return gated(pick(size, List.of(), List.of(ready, standbys)));
  }

  /** The next committee where the epoch's time is over: the same one, with a few seats renewed. */
  Optional<List<Candidate>> ordinary() {
    List<Candidate> ready = readyIncumbents();
    List<Candidate> away = incumbents.stream().filter(c -> c.stays && !c.ready).toList();
    int size = Math.min(incumbents.size(), sizeFor(ready.size() + away.size() + standbys.size()));
    int renewed = Math.min(away.size(), incumbents.size() / SHARE_REPLACED);
    int seated = Math.min(size, Math.max(ready.size(), incumbents.size() - renewed));
    List<Candidate> kept = pick(seated, List.of(), List.of(ready, away));
    return size == 0 ? Optional.empty() : gated(pick(size, kept, List.of(standbys, away)));
  }

  /** The ready gate: power goes to a committee only where its quorum is known to be awake. */
  private static Optional<List<Candidate>> gated(List<Candidate> next) {
    long awake = next.stream().filter(Candidate::ready).count();
    return awake >= Committee.quorum(next.size()) ? Optional.of(next) : Optional.empty();
  }

  /**
   * Fills seats from one list after the other; within a list, from the owners that have the fewest
   * so far, then by lot.
   */
  private List<Candidate> pick(int size, List<Candidate> first, List<List<Candidate>> lists) {
    List<Candidate> picked = new ArrayList<>(first);
    Map<Bytes, Integer> seats = new HashMap<>();
    picked.forEach(candidate -> seats.merge(candidate.owner, 1, Integer::sum));
    for (Collection<Candidate> list : lists) {
      List<Candidate> left = new ArrayList<>(list);
      left.removeAll(picked);
      while (picked.size() < size && !left.isEmpty()) {
        Candidate best =
            left.stream()
                .min(
                    Comparator.<Candidate>comparingInt(c -> seats.getOrDefault(c.owner, 0))
                        .thenComparing(c -> c.order(epoch)))
                .orElseThrow();
        left.remove(best);
        picked.add(best);
        seats.merge(best.owner, 1, Integer::sum);
      }
    }
    return List.copyOf(picked);
  }
}
