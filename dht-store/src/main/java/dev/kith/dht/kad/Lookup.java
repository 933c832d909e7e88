package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The search for the k live peers nearest to a key: ask the nearest known ones for nearer ones,
 * until the k nearest of all that were named and did not fail have answered (Kademlia paper 2.3;
 * libp2p/specs kad-dht, peer routing).
 *
 * <p>Up to alpha requests are under way at once. One that takes longer than {@code patience} gives
 * its slot to the next candidate, so that a few silent peers cannot hold up the search; its answer
 * still counts until {@code requestTimeout}.
 *
 * <p>What liars can do is bounded. A peer that answered may name k others once, and a made-up name
 * costs one failed request and leads nowhere. After a few of those, what that peer named is left
 * aside unless another one names it too. The candidates kept and the requests sent are capped, and
 * the caller has a deadline.
 *
 * <p>A machine without I/O, owned by one thread. Every event returns what to do now; {@link Finish}
 * comes exactly once, and nothing after it.
 */
final class Lookup {
  /** Requests to one peer, where later answers name other addresses of it. */
  private static final int ATTEMPTS_MAX = 2;

  /** Of the peers that named a candidate, so many are remembered. */
  private static final int NAMERS_MAX = 4;

  /** Dead names of one peer that are blamed on the network. */
  private static final int DEAD_NAMES_FORGIVEN = 3;

  private final PeerId self;
  private final Limits limits;
  private final TreeMap<KeyHash, Candidate> candidates;
  private final Map<PeerId, Candidate> waiting = new HashMap<>();
  private int asked;
  private boolean finished;

  /**
   * @param k peers to find
   * @param alpha requests under way at once
   * @param candidatesMax names kept; the farthest that were not asked yet are forgotten
   * @param requestsMax requests in all
   * @param patience how long a request holds one of the alpha slots
   * @param requestTimeout when a request counts as failed
   */
  record Limits(
      int k,
      int alpha,
      int candidatesMax,
      int requestsMax,
      Duration patience,
      Duration requestTimeout) {
    Limits {
      if (k < 1 || alpha < 1 || candidatesMax < k || requestsMax < 1) {
        throw new IllegalArgumentException("lookup limits must be positive");
      }
    }

    /** Names taken from one answer: the k nearest, and the target ahead of them. */
    int namesPerAnswer() {
      return k + 1;
    }
  }

  sealed interface Decision {}

  /** Send the request to this peer; report with {@link #answered} or {@link #failed}. */
  record Ask(Contact peer) implements Decision {}

  /**
   * The search is over; requests still under way may be dropped.
   *
   * @param closest up to k peers that answered, nearest first
   * @param exhausted whether the cap on requests ended it
   */
  record Finish(List<Contact> closest, boolean exhausted) implements Decision {
    Finish {
      closest = List.copyOf(closest);
    }
  }

  private enum State {
    HEARD,
    WAITING,
    ANSWERED,
    FAILED
  }

  private static final class Candidate {
    Contact contact;
    State state = State.HEARD;
    Instant askedAt = Instant.MIN;
    int attempts;
    final Set<PeerId> namers = new HashSet<>(); // empty for a seed, which this peer itself knew

    Candidate(Contact contact) {
      this.contact = contact;
    }

    /** Takes over addresses that are new; whether there were any. */
    boolean merge(List<Multiaddr> heard) {
      LinkedHashSet<Multiaddr> all = new LinkedHashSet<>(heard);
      if (contact.addresses().containsAll(all)) {
        return false;
      }
      all.addAll(contact.addresses());
      contact = new Contact(contact.id(), List.copyOf(all));
      return true;
    }
  }

  /** A search that begins with {@code seeds}, the nearest peers of the own routing table. */
  Lookup(KeyHash target, PeerId self, Collection<Contact> seeds, Limits limits) {
    this.self = Objects.requireNonNull(self, "self");
    this.limits = limits;
    this.candidates = new TreeMap<>(KeyHash.byDistanceTo(target));
    seeds.forEach(seed -> hear(seed, Optional.empty()));
  }

  /** Called once, first. */
  List<Decision> start(Instant now) {
    return next(now);
  }

  /** A peer answered and named these. Late and unasked answers are ignored. */
  List<Decision> answered(PeerId peer, List<Contact> closer, Instant now) {
    Candidate candidate = waiting.remove(peer);
    if (candidate == null || finished) {
      return List.of();
    }
    candidate.state = State.ANSWERED;
    closer.stream().limit(limits.namesPerAnswer()).forEach(named -> hear(named, Optional.of(peer)));
    return next(now);
  }

  /** A peer could not be reached, broke the protocol or does not serve it. */
  List<Decision> failed(PeerId peer, Instant now) {
    Candidate candidate = waiting.remove(peer);
    if (candidate == null || finished) {
      return List.of();
    }
    candidate.state = State.FAILED;
    return next(now);
  }

  /** Time passed; call it at {@link #wakeAt} at the latest. */
  List<Decision> tick(Instant now) {
    if (finished) {
      return List.of();
    }
    List<Candidate> overdue =
        waiting.values().stream()
            .filter(c -> !c.askedAt.plus(limits.requestTimeout()).isAfter(now))
            .toList();
    overdue.forEach(
        c -> {
          c.state = State.FAILED;
          waiting.remove(c.contact.id());
        });
    return next(now);
  }

  /** The caller has what it wanted, or its deadline passed. */
  List<Decision> stop() {
    return finished ? List.of() : List.of(finish(false));
  }

  /** When the next request runs out of patience or of time; empty when none is under way. */
  Optional<Instant> wakeAt(Instant now) {
    return waiting.values().stream()
        .map(
            c -> {
              Instant impatient = c.askedAt.plus(limits.patience());
              return impatient.isAfter(now) ? impatient : c.askedAt.plus(limits.requestTimeout());
            })
        .min(Instant::compareTo);
  }

  int requests() {
    return asked;
  }

  private List<Decision> next(Instant now) {
    List<Decision> decisions = new ArrayList<>();
    long busy = waiting.values().stream().filter(c -> !slow(c, now)).count();
    Set<PeerId> distrusted = distrusted(now);
    int nearest = 0; // candidates that did not fail, from the target outwards
    int answers = 0;
    for (Candidate candidate : candidates.values()) {
      if (nearest == limits.k()) {
        break;
      }
      switch (candidate.state) {
        case FAILED -> {
          continue;
        }
        case ANSWERED -> answers++;
        case WAITING -> {}
        case HEARD -> {
          if (!candidate.namers.isEmpty() && distrusted.containsAll(candidate.namers)) {
            continue;
          }
          if (busy < limits.alpha() && asked < limits.requestsMax()) {
            decisions.add(ask(candidate, now));
            busy++;
          }
        }
      }
      nearest++;
    }
    boolean exhausted = asked >= limits.requestsMax() && waiting.isEmpty();
    if (answers == nearest || exhausted) {
      decisions.add(finish(answers < nearest));
    }
    return decisions;
  }

  private boolean slow(Candidate candidate, Instant now) {
    return !candidate.askedAt.plus(limits.patience()).isAfter(now);
  }

  /** Those of whose names more are dead, or seem so, than alive. */
  private Set<PeerId> distrusted(Instant now) {
    Map<PeerId, Integer> dead = new HashMap<>();
    Map<PeerId, Integer> live = new HashMap<>();
    for (Candidate candidate : candidates.values()) {
      switch (candidate.state) {
        case HEARD -> {}
        case ANSWERED -> candidate.namers.forEach(n -> live.merge(n, 1, Integer::sum));
        case FAILED -> candidate.namers.forEach(n -> dead.merge(n, 1, Integer::sum));
        case WAITING -> {
          if (slow(candidate, now)) {
            candidate.namers.forEach(n -> dead.merge(n, 1, Integer::sum));
          }
        }
      }
    }
    Set<PeerId> distrusted = new HashSet<>();
    dead.forEach(
        (namer, count) -> {
          if (count > DEAD_NAMES_FORGIVEN && count > live.getOrDefault(namer, 0)) {
            distrusted.add(namer);
          }
        });
    return distrusted;
  }

  private Ask ask(Candidate candidate, Instant now) {
    candidate.state = State.WAITING;
    candidate.askedAt = now;
    candidate.attempts++;
    waiting.put(candidate.contact.id(), candidate);
    asked++;
    return new Ask(candidate.contact);
  }

  private Finish finish(boolean exhausted) {
    finished = true;
    List<Contact> closest =
        candidates.values().stream()
            .filter(c -> c.state == State.ANSWERED)
            .limit(limits.k())
            .map(c -> c.contact)
            .toList();
    return new Finish(closest, exhausted);
  }

  /** A name without an address is kept: the host may know one. */
  private void hear(Contact contact, Optional<PeerId> namer) {
    if (contact.id().equals(self)) {
      return;
    }
    KeyHash hash = KeyHash.of(contact.id());
    Candidate known = candidates.get(hash);
    if (known != null) {
      // A liar may have named an honest peer first, with addresses that lead nowhere.
      boolean news = known.merge(contact.addresses());
      if (!known.namers.isEmpty() && known.namers.size() < NAMERS_MAX) {
        namer.ifPresent(known.namers::add);
      }
      if (news && known.state == State.FAILED && known.attempts < ATTEMPTS_MAX) {
        known.state = State.HEARD;
      }
      return;
    }
    Candidate candidate = new Candidate(contact);
    namer.ifPresent(candidate.namers::add);
    candidates.put(hash, candidate);
    if (candidates.size() > limits.candidatesMax()) {
      forgetFarthest();
    }
  }

  private void forgetFarthest() {
    var farthestFirst = candidates.descendingMap().values().iterator();
    while (farthestFirst.hasNext()) {
      State state = farthestFirst.next().state;
      if (state == State.HEARD || state == State.FAILED) {
        farthestFirst.remove();
        return;
      }
    }
  }
}
