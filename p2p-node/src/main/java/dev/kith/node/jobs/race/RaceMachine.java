package dev.kith.node.jobs.race;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.race.PartState.AttemptState;
import dev.kith.node.jobs.race.RaceDecision.Complete;
import dev.kith.node.jobs.race.RaceDecision.Done;
import dev.kith.node.jobs.race.RaceDecision.Hopeless;
import dev.kith.node.jobs.race.RaceDecision.Prefix;
import dev.kith.node.jobs.race.RaceDecision.Start;
import dev.kith.node.jobs.race.RaceDecision.Stop;
import dev.kith.node.jobs.race.RaceDecision.Why;
import dev.kith.node.jobs.race.RaceEvent.Answered;
import dev.kith.node.jobs.race.RaceEvent.Busy;
import dev.kith.node.jobs.race.RaceEvent.Candidate;
import dev.kith.node.jobs.race.RaceEvent.Failed;
import dev.kith.node.jobs.race.RaceEvent.Lost;
import dev.kith.node.jobs.race.RaceEvent.Peers;
import dev.kith.node.jobs.race.RaceEvent.Tick;
import dev.kith.node.jobs.race.RaceEvent.WorkerLost;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Races the parts of one job. Every part goes to {@code racers} distinct peers at once; the first
 * valid answer wins and the others are stopped. Parts start in their order, so that answers can go
 * out in order early.
 *
 * <ul>
 *   <li>A part starts when as many peers as it wants have room. Fewer peers than racers: fewer
 *       racers. A peer that is resting (it said busy, or was lost) is not waited for.
 *   <li>A racer that is lost is replaced as soon as another peer has room, before new parts start.
 *   <li>A worker process that dies is a loss and no failure; three that die under one part on one
 *       peer are one, so that a program that kills its workers is not tried for ever.
 *   <li>A part that takes much longer than others is sent to as many peers again.
 *   <li>A part that failed on {@code failuresMax} peers, or on all that can be reached, makes the
 *       job hopeless: with a deterministic program more tries would not help.
 * </ul>
 *
 * <p>One owner thread; times are milliseconds of any monotonic clock. After {@link Complete} or
 * {@link Hopeless} it decides nothing more.
 */
public final class RaceMachine {
  private static final double DECAY = 0.9;

  private final int parts;
  private final RaceSettings settings;
  private final RandomGenerator random;
  private final BitSet done;
  private final Map<PeerId, PeerState> peers = new LinkedHashMap<>();

  /** Parts under way, lowest first as they start in order. */
  private final Map<Integer, PartState> racing = new LinkedHashMap<>();

  private final Map<Integer, AttemptState> attempts = new HashMap<>();
  private final List<RaceDecision> decisions = new ArrayList<>();
  private int nextPart;
  private int nextAttempt;
  private int prefix;
  private double answerMillis;
  private boolean over;

  /**
   * @param parts number of parts, at least 1
   * @param alreadyDone parts whose answers are there, from an earlier run of the coordinator
   */
  public RaceMachine(int parts, BitSet alreadyDone, RaceSettings settings, RandomGenerator random) {
    if (parts < 1 || alreadyDone.length() > parts) {
      throw new IllegalArgumentException("parts: " + parts);
    }
    this.parts = parts;
    this.settings = settings;
    this.random = random;
    this.done = (BitSet) alreadyDone.clone();
  }

  /** Takes an event in and returns what to do, in order. */
  public List<RaceDecision> step(RaceEvent event, long now) {
    if (over) {
      return List.of();
    }
    decisions.clear();
    switch (event) {
      case Peers e -> peers(e.candidates());
      case Busy e -> remove(e.attempt()).ifPresent(a -> a.peer().busy(now));
      case Lost e -> remove(e.attempt()).ifPresent(a -> a.peer().lost(now));
      case Failed e -> remove(e.attempt()).ifPresent(a -> failed(a, e.detail(), now));
      case WorkerLost e -> remove(e.attempt()).ifPresent(a -> workerLost(a, e.detail(), now));
      case Answered e -> remove(e.attempt()).ifPresent(a -> answered(a, now));
      case Tick _ -> giveUpSilent(now);
    }
    advance();
    if (!over) {
      fill(now);
    }
    return List.copyOf(decisions);
  }

  private void peers(List<Candidate> candidates) {
    Set<PeerId> present = new HashSet<>();
    for (Candidate candidate : candidates) {
      present.add(candidate.peer());
      peers
          .computeIfAbsent(candidate.peer(), peer -> new PeerState(peer, candidate.capacity()))
          .capacity(candidate.capacity());
    }
    peers.values().stream().filter(p -> !present.contains(p.peer)).forEach(PeerState::leave);
  }

  private Optional<AttemptState> remove(int attempt) {
    AttemptState state = attempts.remove(attempt);
    if (state != null) {
      state.part().racing.remove(state);
    }
    return Optional.ofNullable(state);
  }

  private void answered(AttemptState attempt, long now) {
    long took = now - attempt.startedMillis();
    attempt.peer().heard(took);
    answerMillis = answerMillis == 0 ? took : DECAY * answerMillis + (1 - DECAY) * took;
    PartState part = attempt.part();
    done.set(part.part);
    racing.remove(part.part);
    decisions.add(new Done(part.part, attempt.number()));
    stopAll(part);
  }

  private void failed(AttemptState attempt, String detail, long now) {
    attempt.peer().heard(now - attempt.startedMillis());
    PartState part = attempt.part();
    part.failed.add(attempt.peer().peer);
    part.lastFailure = detail;
  }

  private void workerLost(AttemptState attempt, String detail, long now) {
    attempt.peer().workerLost(now);
    PartState part = attempt.part();
    PeerId peer = attempt.peer().peer;
    if (part.workersLost.merge(peer, 1, Integer::sum) >= RaceSettings.WORKERS_LOST_MAX) {
      part.failed.add(peer);
      part.lastFailure = detail;
    }
  }

  private void giveUpSilent(long now) {
    List<AttemptState> silent =
        attempts.values().stream()
            .filter(a -> now - a.startedMillis() > settings.attemptMillis())
            .toList();
    for (AttemptState attempt : silent) {
      decisions.add(new Stop(attempt.number(), Why.SILENT));
      remove(attempt.number()).ifPresent(a -> a.peer().lost(now));
    }
  }

  private void stopAll(PartState part) {
    for (AttemptState loser : List.copyOf(part.racing)) {
      decisions.add(new Stop(loser.number(), Why.LATE));
      remove(loser.number()).ifPresent(a -> a.peer().ended());
    }
  }

  private void advance() {
    int reached = done.nextClearBit(prefix);
    if (reached > prefix) {
      prefix = reached;
      decisions.add(new Prefix(prefix));
    }
    if (prefix == parts) {
      over = true;
      decisions.add(new Complete());
    }
  }

  private void fill(long now) {
    for (PartState part : List.copyOf(racing.values())) {
      if (hopeless(part, now)) {
        return;
      }
      if (now >= part.overdueAt) {
        part.wanted = Math.min(part.wanted + settings.racers(), 3 * settings.racers());
        part.overdueAt = now + overdueMillis();
      }
      race(part, part.wanted - part.racing.size(), now);
    }
    while (racing.size() < settings.partsMax()) {
      int next = done.nextClearBit(nextPart);
      if (next >= parts || !startPart(next, now)) {
        return;
      }
      nextPart = next + 1;
    }
  }

  /** Starts a part where all the racers that it can have find room at once. */
  private boolean startPart(int number, long now) {
    long present = peers.values().stream().filter(p -> p.present(now)).count();
    int racers = (int) Math.min(settings.racers(), present);
    PartState part = new PartState(number);
    if (racers == 0 || withRoom(part, now).size() < racers) {
      return false;
    }
    part.wanted = settings.racers();
    part.overdueAt = now + overdueMillis();
    racing.put(number, part);
    race(part, racers, now);
    return true;
  }

  private void race(PartState part, int racers, long now) {
    if (racers <= 0) {
      return;
    }
    for (PeerState peer : withRoom(part, now).stream().limit(racers).toList()) {
      AttemptState attempt = new AttemptState(nextAttempt++, part, peer, part.freeRank(), now);
      attempts.put(attempt.number(), attempt);
      part.racing.add(attempt);
      peer.started();
      decisions.add(new Start(attempt.number(), part.part, peer.peer, attempt.rank()));
    }
  }

  /** Who could take the part now: the least loaded first, among equals the quickest. */
  private List<PeerState> withRoom(PartState part, long now) {
    record Ranked(PeerState peer, double load, double millis, int lot) {}
    return peers.values().stream()
        .filter(p -> p.room(now) && !part.failed.contains(p.peer) && !part.racedBy(p.peer))
        .map(p -> new Ranked(p, p.load(), p.answerMillis(), random.nextInt()))
        .sorted(
            Comparator.comparingDouble(Ranked::load)
                .thenComparingDouble(Ranked::millis)
                .thenComparingInt(Ranked::lot))
        .map(Ranked::peer)
        .toList();
  }

  private boolean hopeless(PartState part, long now) {
    if (part.failed.isEmpty()) {
      return false;
    }
    boolean somebodyLeft =
        !part.racing.isEmpty()
            || peers.values().stream()
                .anyMatch(
                    p ->
                        !p.gone()
                            && !part.failed.contains(p.peer)
                            && (p.present(now) || !p.unreachable()));
    if (part.failed.size() < settings.failuresMax() && somebodyLeft) {
      return false;
    }
    over = true;
    racing.values().forEach(this::stopAll);
    decisions.add(new Hopeless(part.part, part.failed.size(), part.lastFailure));
    return true;
  }

  private long overdueMillis() {
    return Math.max(settings.resendMillis(), (long) (RaceSettings.RESEND_FACTOR * answerMillis));
  }

  /** Parts that are under way now. */
  public int partsRacing() {
    return racing.size();
  }
}
