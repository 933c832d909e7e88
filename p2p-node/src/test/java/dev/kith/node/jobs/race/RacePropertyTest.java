package dev.kith.node.jobs.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.race.RaceDecision.Complete;
import dev.kith.node.jobs.race.RaceDecision.Done;
import dev.kith.node.jobs.race.RaceDecision.Hopeless;
import dev.kith.node.jobs.race.RaceDecision.Prefix;
import dev.kith.node.jobs.race.RaceDecision.Start;
import dev.kith.node.jobs.race.RaceDecision.Stop;
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
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole races on virtual time, with peers that die, come back, are slow, busy, or fail. */
class RacePropertyTest {
  private static final int ROUNDS = 400;

  @Test
  void everyPart_isAnsweredOnceInOrder_whateverPeersDo() {
    long base = new Random().nextLong();
    for (int i = 0; i < ROUNDS; i++) {
      long seed = base + i;
      try {
        new World(seed, 0).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void programThatFailsForOnePart_endsTheJob() {
    long base = new Random().nextLong();
    for (int i = 0; i < ROUNDS; i++) {
      long seed = base + i;
      try {
        assertThat(new World(seed, 1).run()).isInstanceOf(Hopeless.class);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** A mesh of made-up peers. Peer 0 never dies, as the coordinator's own does not. */
  private static final class World {
    private record Timed(long at, long order, RaceEvent event) {}

    private record Attempt(int number, int part, PeerId peer) {}

    private final RandomGenerator random;
    private final int parts;
    private final int brokenPart;
    private final boolean killsWorkers;
    private final RaceSettings settings;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<PeerId, Long> meanMillis = new HashMap<>();
    private final Set<PeerId> dead = new HashSet<>();
    private final Map<Integer, Attempt> live = new HashMap<>();
    private final PriorityQueue<Timed> queue =
        new PriorityQueue<>(Comparator.comparingLong(Timed::at).thenComparingLong(Timed::order));
    private final BitSet done = new BitSet();
    private final RaceMachine race;
    private long now;
    private long order;
    private int prefix;
    private @Nullable RaceDecision end;

    World(long seed, int brokenParts) {
      random = new Random(seed);
      parts = random.nextInt(1, 120);
      brokenPart = brokenParts == 0 ? -1 : random.nextInt(parts);
      killsWorkers = random.nextBoolean();
      settings = new RaceSettings(random.nextInt(1, 5), random.nextInt(1, 40), 3, 2_000, 30_000);
      int peers = random.nextInt(1, 9);
      for (int i = 0; i < peers; i++) {
        PeerId peer = RaceMachineTest.peer(i);
        candidates.add(new Candidate(peer, random.nextInt(1, 5)));
        meanMillis.put(peer, random.nextLong(1, random.nextInt(4) == 0 ? 20_000 : 300));
      }
      race = new RaceMachine(parts, new BitSet(), settings, random);
    }

    RaceDecision run() {
      @Nullable RaceDecision last;
      apply(race.step(new Peers(candidates), now));
      while ((last = end) == null) {
        assertThat(now).as("virtual time").isLessThan(40_000_000L);
        Timed next = queue.peek();
        if (next == null || next.at > now + 100) {
          now += 100;
          disturb();
          apply(race.step(new Tick(), now));
        } else {
          queue.remove();
          now = next.at;
          deliver(next.event);
        }
      }
      assertThat(live).as("attempts left").isEmpty();
      if (last instanceof Complete) {
        assertThat(done.cardinality()).isEqualTo(parts);
        assertThat(prefix).isEqualTo(parts);
      }
      return last;
    }

    private void disturb() {
      for (Candidate candidate : candidates.subList(1, candidates.size())) {
        PeerId peer = candidate.peer();
        if (random.nextInt(200) == 0) {
          if (!dead.remove(peer)) {
            dead.add(peer);
            live.values().stream()
                .filter(a -> a.peer.equals(peer))
                .map(Attempt::number)
                .toList()
                .forEach(number -> later(random.nextInt(50), new Lost(number)));
          }
        }
      }
    }

    private void deliver(RaceEvent event) {
      int number =
          switch (event) {
            case Answered e -> e.attempt();
            case Failed e -> e.attempt();
            case Busy e -> e.attempt();
            case Lost e -> e.attempt();
            case WorkerLost e -> e.attempt();
            case Peers _, Tick _ -> throw new AssertionError();
          };
      Attempt attempt = live.remove(number);
      if (attempt != null && dead.contains(attempt.peer) && !(event instanceof Lost)) {
        apply(race.step(new Lost(number), now));
      } else {
        apply(race.step(event, now));
      }
    }

    private void apply(List<RaceDecision> decisions) {
      for (RaceDecision decision : decisions) {
        assertThat(end).as("a decision after the end: %s", decision).isNull();
        switch (decision) {
          case Start start -> start(start);
          case Stop stop -> assertThat(live.remove(stop.attempt())).isNotNull();
          case Done d -> {
            assertThat(done.get(d.part())).as("part %d done twice", d.part()).isFalse();
            done.set(d.part());
          }
          case Prefix p -> {
            assertThat(p.parts()).isGreaterThan(prefix);
            assertThat(done.nextClearBit(0)).isEqualTo(p.parts());
            prefix = p.parts();
          }
          case Complete _, Hopeless _ -> end = decision;
        }
      }
      assertThat(race.partsRacing()).isLessThanOrEqualTo(settings.partsMax());
    }

    private void start(Start start) {
      assertThat(done.get(start.part())).isFalse();
      assertThat(live.values())
          .noneMatch(a -> a.part == start.part() && a.peer.equals(start.peer()));
      long with = live.values().stream().filter(a -> a.peer.equals(start.peer())).count();
      assertThat(with)
          .isLessThan(
              candidates.stream()
                  .filter(c -> c.peer().equals(start.peer()))
                  .findFirst()
                  .orElseThrow()
                  .capacity());
      live.put(start.attempt(), new Attempt(start.attempt(), start.part(), start.peer()));
      int number = start.attempt();
      if (dead.contains(start.peer())) {
        later(random.nextInt(3_000), new Lost(number));
      } else if (random.nextInt(20) == 0) {
        later(random.nextInt(20), new Busy(number));
      } else if (start.part() == brokenPart) {
        later(
            random.nextInt(200),
            killsWorkers
                ? new WorkerLost(number, "exit code 137")
                : new Failed(number, "exit code 1"));
      } else if (random.nextInt(40) == 0) {
        later(random.nextInt(50), new WorkerLost(number, "killed by somebody"));
      } else {
        later(
            random.nextLong(1 + 2 * meanMillis.getOrDefault(start.peer(), 1L)),
            new Answered(number));
      }
    }

    private void later(long millis, RaceEvent event) {
      queue.add(new Timed(now + millis, order++, event));
    }
  }
}
