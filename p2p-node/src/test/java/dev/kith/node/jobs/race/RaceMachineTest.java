package dev.kith.node.jobs.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceMachineTest {
  private static final RaceSettings SETTINGS = new RaceSettings(3, 16, 3, 1_000, 60_000);

  private final RaceMachine race = machine(4, SETTINGS);
  private long now = 1;

  @Test
  void parts_goToDistinctPeersInTheirOrder() {
    List<Start> starts = starts(step(peers(5, 2)));
    // Ten places: three parts with three racers each.
    assertThat(starts).extracting(Start::part).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
    assertThat(starts).extracting(Start::rank).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    for (int part = 0; part < 3; part++) {
      int number = part;
      assertThat(starts.stream().filter(s -> s.part() == number).map(Start::peer))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void parts_haveFewerRacersWhereThereAreFewerPeers() {
    assertThat(starts(step(peers(2, 2)))).extracting(Start::part).containsExactly(0, 0, 1, 1);
  }

  @Test
  void answer_stopsTheOtherRacersAndStartsTheNextPart() {
    step(peers(3, 1));
    List<RaceDecision> decisions = step(new Answered(1));
    assertThat(decisions)
        .startsWith(new Done(0, 1), new Stop(0, Why.LATE), new Stop(2, Why.LATE), new Prefix(1));
    assertThat(starts(decisions)).extracting(Start::part).containsExactly(1, 1, 1);
    assertThat(step(new Answered(0))).isEmpty();
  }

  @Test
  void answers_goOutInOrderHoweverTheyCome() {
    step(peers(6, 2));
    assertThat(step(new Answered(4))).noneMatch(Prefix.class::isInstance);
    assertThat(step(new Answered(0))).contains(new Prefix(2));
  }

  @Test
  void lostRacer_isReplacedBeforeNewPartsStart() {
    RaceMachine small = machine(2, SETTINGS);
    PeerId lost = starts(small.step(peers(4, 1), now)).get(1).peer();
    List<RaceDecision> decisions = small.step(new Lost(1), ++now);
    assertThat(starts(decisions))
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.part()).isZero();
              assertThat(s.rank()).isEqualTo(1);
              assertThat(s.peer()).isNotEqualTo(lost);
            });
  }

  @Test
  void lostPeer_isTriedAgainLater() {
    RaceMachine single = machine(1, new RaceSettings(1, 1, 3, 100_000, 60_000));
    single.step(peers(1, 1), now);
    assertThat(single.step(new Lost(0), now += 10)).isEmpty();
    assertThat(single.step(new Tick(), now += 900)).isEmpty();
    assertThat(starts(single.step(new Tick(), now += 200))).hasSize(1);
  }

  @Test
  void busyPeer_isNotWaitedFor() {
    step(peers(3, 1));
    step(new Busy(2));
    step(new Answered(0));
    // The peer that is busy rests: the next part starts with the two that are left.
    step(new Answered(1));
    List<Start> starts = starts(step(new Tick()));
    assertThat(race.partsRacing()).isEqualTo(1);
    assertThat(starts.size()).isLessThanOrEqualTo(2);
  }

  @Test
  void overduePart_isSentToMorePeers() {
    step(peers(6, 1));
    List<Start> first = starts(step(new Answered(0)));
    assertThat(first).isNotEmpty();
    now += 2_000;
    RaceMachine slow = machine(1, SETTINGS);
    slow.step(peers(6, 1), now);
    assertThat(slow.step(new Tick(), now + 900)).isEmpty();
    assertThat(starts(slow.step(new Tick(), now + 1_100))).hasSize(3).allMatch(s -> s.part() == 0);
  }

  @Test
  void silentAttempt_isGivenUp() {
    RaceMachine single = machine(1, new RaceSettings(1, 1, 3, 100_000, 60_000));
    single.step(peers(1, 1), now);
    assertThat(single.step(new Tick(), now + 60_001)).contains(new Stop(0, Why.SILENT));
  }

  @Test
  void partThatFailsOnThreePeers_makesTheJobHopeless() {
    step(peers(6, 1));
    step(new Failed(0, "exit code 1"));
    step(new Failed(1, "exit code 1"));
    List<RaceDecision> decisions = step(new Failed(2, "exit code 1: no"));
    assertThat(decisions).last().isEqualTo(new Hopeless(0, 3, "exit code 1: no"));
    assertThat(decisions).filteredOn(Stop.class::isInstance).isNotEmpty();
    assertThat(step(new Tick())).isEmpty();
  }

  @Test
  void partThatFailsOnAllPeers_makesTheJobHopeless() {
    RaceMachine pair = machine(1, SETTINGS);
    pair.step(peers(2, 1), now);
    assertThat(pair.step(new Failed(0, "no"), ++now)).isEmpty();
    assertThat(pair.step(new Failed(1, "no"), ++now)).containsExactly(new Hopeless(0, 2, "no"));
  }

  @Test
  void partThatFailedOnce_succeedsElsewhere() {
    RaceMachine one = machine(1, new RaceSettings(1, 1, 3, 1_000, 60_000));
    one.step(peers(2, 1), now);
    List<Start> again = starts(one.step(new Failed(0, "killed"), ++now));
    assertThat(again).hasSize(1);
    assertThat(one.step(new Answered(1), ++now))
        .containsExactly(new Done(0, 1), new Prefix(1), new Complete());
  }

  @Test
  void partWhoseWorkersDied_isTriedAgainOnTheSamePeers() {
    RaceMachine three = machine(1, SETTINGS);
    three.step(peers(3, 1), now);
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(three.step(new WorkerLost(attempt, "killed"), ++now)).isEmpty();
    }
    assertThat(starts(three.step(new Tick(), now += 1_100))).hasSize(3);
    assertThat(three.step(new Answered(4), ++now))
        .contains(new Done(0, 4))
        .endsWith(new Complete());
  }

  @Test
  void partThatKillsItsWorkers_makesTheJobHopeless() {
    for (int peers = 1; peers <= 4; peers++) {
      RaceMachine killed = machine(1, SETTINGS);
      List<RaceDecision> decisions = new ArrayList<>(killed.step(peers(peers, 1), now));
      int tries = 0;
      while (decisions.stream().noneMatch(Hopeless.class::isInstance)) {
        assertThat(tries).isLessThan(20);
        List<Start> starts = starts(decisions);
        decisions.clear();
        for (Start start : starts) {
          tries++;
          decisions.addAll(killed.step(new WorkerLost(start.attempt(), "code 137"), ++now));
        }
        if (starts.isEmpty()) {
          decisions.addAll(killed.step(new Tick(), now += 31_000));
        }
      }
      assertThat(decisions).last().isEqualTo(new Hopeless(0, Math.min(3, peers), "code 137"));
      assertThat(tries).isGreaterThanOrEqualTo(3 * Math.min(3, peers));
    }
  }

  @Test
  void everyPart_getsThreeAttemptsHoweverQuickItIs() {
    int parts = 1_000;
    RaceMachine quick = machine(parts, new RaceSettings(3, 128, 3, 1_000, 60_000));
    Map<Integer, Set<PeerId>> tried = new HashMap<>();
    Deque<Integer> running = new ArrayDeque<>();
    List<RaceDecision> decisions = quick.step(peers(5, 3), now);
    Random random = new Random(7);
    while (decisions.stream().noneMatch(Complete.class::isInstance)) {
      for (RaceDecision decision : decisions) {
        switch (decision) {
          case Start start -> {
            running.add(start.attempt());
            tried.computeIfAbsent(start.part(), _ -> new HashSet<>()).add(start.peer());
          }
          case Stop stop -> running.remove(stop.attempt());
          case Done _, Prefix _, Complete _, Hopeless _ -> {}
        }
      }
      // Any of those under way answers a millisecond later.
      for (int skip = random.nextInt(running.size()); skip > 0; skip--) {
        running.add(running.remove());
      }
      decisions = quick.step(new Answered(running.remove()), ++now);
    }
    assertThat(tried).hasSize(parts);
    assertThat(tried.values())
        .allSatisfy(peers -> assertThat(peers).hasSizeGreaterThanOrEqualTo(3));
  }

  @Test
  void partsThatAreDoneAlready_areNotRacedAgain() {
    BitSet done = new BitSet();
    done.set(0);
    done.set(2);
    RaceMachine resumed = new RaceMachine(3, done, SETTINGS, new Random(1));
    List<RaceDecision> decisions = resumed.step(peers(3, 2), now);
    assertThat(decisions).first().isEqualTo(new Prefix(1));
    assertThat(starts(decisions)).extracting(Start::part).containsOnly(1);
    assertThat(resumed.step(new Answered(0), ++now)).endsWith(new Prefix(3), new Complete());
  }

  @Test
  void jobThatWasDoneAlready_isComplete() {
    BitSet done = new BitSet();
    done.set(0, 3);
    assertThat(new RaceMachine(3, done, SETTINGS, new Random(1)).step(new Tick(), now))
        .containsExactly(new Prefix(3), new Complete());
  }

  private List<RaceDecision> step(RaceEvent event) {
    return race.step(event, ++now);
  }

  private static List<Start> starts(List<RaceDecision> decisions) {
    return decisions.stream().filter(Start.class::isInstance).map(Start.class::cast).toList();
  }

  private static RaceMachine machine(int parts, RaceSettings settings) {
    return new RaceMachine(parts, new BitSet(), settings, new Random(1));
  }

  static Peers peers(int count, int capacity) {
    return new Peers(
        IntStream.range(0, count).mapToObj(i -> new Candidate(peer(i), capacity)).toList());
  }

  static PeerId peer(int number) {
    return Keys.fromSeed(KeyType.SECP256K1, number).publicKey().peerId();
  }
}
