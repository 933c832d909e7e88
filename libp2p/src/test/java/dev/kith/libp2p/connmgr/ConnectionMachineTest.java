package dev.kith.libp2p.connmgr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.connmgr.ConnectionDecision.ArmTimer;
import dev.kith.libp2p.connmgr.ConnectionDecision.Close;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMachineTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final List<PeerId> PEERS = peers(40);
  private static final WaterMarks MARKS =
      new WaterMarks(4, 6, Duration.ofSeconds(20), Duration.ofSeconds(10));

  private final ConnectionMachine machine = new ConnectionMachine(MARKS);
  private final Map<Integer, Busy> activities = new HashMap<>();

  private static final class Busy implements Activity {
    private int streams;
    private long active;

    @Override
    public int streams() {
      return streams;
    }

    @Override
    public long activeNanos() {
      return active;
    }
  }

  private static List<PeerId> peers(int count) {
    List<PeerId> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(Keys.fromSeed(KeyType.ED25519, i).publicKey().peerId());
    }
    return peers;
  }

  /** A connection of its own to peer {@code i}, by that number. */
  private List<ConnectionDecision> open(int i, long now) {
    return machine.opened(i, PEERS.get(i), false, busy(i), now);
  }

  private Busy busy(int i) {
    return activities.computeIfAbsent(i, _ -> new Busy());
  }

  private void openAll(int count, long now) {
    for (int i = 0; i < count; i++) {
      assertThat(open(i, now).stream().filter(Close.class::isInstance)).isEmpty();
    }
  }

  private static List<Long> closed(List<ConnectionDecision> decisions) {
    return decisions.stream()
        .filter(Close.class::isInstance)
        .map(decision -> ((Close) decision).connection())
        .toList();
  }

  @Test
  void trim_beginsAboveTheHighMarkAndEndsAtTheLowOne() {
    openAll(6, 0);
    assertThat(open(6, 30 * SECOND)).hasSize(3);
    assertThat(machine.trim(30 * SECOND)).hasSize(3);
  }

  @Test
  void trim_leavesTheYoungAlone() {
    openAll(3, 0);
    assertThat(open(3, 25 * SECOND)).isEmpty();
    assertThat(open(4, 25 * SECOND)).isEmpty();
    assertThat(open(5, 25 * SECOND)).isEmpty();
    assertThat(closed(open(6, 30 * SECOND))).containsExactlyInAnyOrder(0L, 1L, 2L);
  }

  @Test
  void trim_thatFindsNobodyOldEnoughIsRepeatedAfterTheSilence() {
    openAll(6, 0);
    assertThat(open(6, SECOND)).containsExactly(new ArmTimer(11 * SECOND));
    assertThat(open(7, 2 * SECOND)).containsExactly(new ArmTimer(11 * SECOND));
    assertThat(machine.tick(11 * SECOND)).containsExactly(new ArmTimer(21 * SECOND));
    assertThat(closed(machine.tick(21 * SECOND))).hasSize(4);
  }

  @Test
  void noTimerRuns_whileThereAreFewEnough() {
    openAll(6, 0);
    assertThat(machine.tick(100 * SECOND)).isEmpty();
  }

  @Test
  void trim_takesTheLeastValuableThenTheIdlest() {
    machine.tag(PEERS.get(0), "useful", 10);
    machine.tag(PEERS.get(1), "bad", -5);
    openAll(6, 0);
    busy(2).streams = 1;
    busy(3).active = 9 * SECOND;
    busy(4).active = 5 * SECOND;
    busy(5).active = 7 * SECOND;
    assertThat(closed(open(6, 30 * SECOND))).containsExactly(1L, 4L, 5L);
    machine.closed(1);
    machine.closed(4);
    machine.closed(5);
    assertThat(closed(machine.trim(60 * SECOND))).as("at the low mark").isEmpty();
  }

  @Test
  void trim_sparesTheProtectedWhateverTheyAreWorth() {
    for (int i = 0; i < 5; i++) {
      machine.protect(PEERS.get(i), "realm");
      machine.tag(PEERS.get(i), "bad", -100);
    }
    machine.protect(PEERS.get(0), "other");
    openAll(6, 0);
    assertThat(closed(open(6, 30 * SECOND))).containsExactly(5L);
    assertThat(machine.unprotect(PEERS.get(0), "realm")).isTrue();
    assertThat(machine.unprotect(PEERS.get(0), "other")).isFalse();
    assertThat(machine.unprotect(PEERS.get(0), "other")).isFalse();
    assertThat(closed(machine.trim(60 * SECOND))).startsWith(0L);
  }

  @Test
  void value_isTheSumOfTagsOfWhichSomeFade() {
    PeerId peer = PEERS.getFirst();
    machine.tag(peer, "a", 10);
    machine.tag(peer, "a", 20);
    machine.bump(peer, "fades", 100, Duration.ofSeconds(10), 0);
    assertThat(machine.value(peer, 0)).isEqualTo(120);
    assertThat(machine.value(peer, 10 * SECOND)).isEqualTo(70);
    machine.bump(peer, "fades", 50, Duration.ofSeconds(10), 10 * SECOND);
    assertThat(machine.value(peer, 20 * SECOND)).isEqualTo(70);
    machine.untag(peer, "a");
    machine.untag(peer, "fades");
    assertThat(machine.value(peer, 20 * SECOND)).isZero();
    assertThat(machine.taggedPeers()).isZero();
  }

  @Test
  void tags_ofPeersThatAreAwayAreBounded() {
    List<PeerId> many = peers(ConnectionMachine.ABSENT_MAX + 200);
    machine.protect(many.get(0), "realm");
    machine.tag(many.get(1), "here", 7);
    machine.opened(0, many.get(1), true, new Busy(), 0);
    many.forEach(peer -> machine.tag(peer, "seen", 1));
    assertThat(machine.taggedPeers()).isLessThanOrEqualTo(ConnectionMachine.ABSENT_MAX + 2);
    assertThat(machine.isProtected(many.get(0))).isTrue();
    assertThat(machine.value(many.get(1), 0)).isEqualTo(8);
    assertThat(machine.value(many.get(2), 0)).isZero();
    assertThat(machine.value(many.getLast(), 0)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomChurn_neverClosesWhatMustStay(long seed) {
    Random random = new Random(seed);
    Map<Long, Long> openedAt = new HashMap<>();
    Map<Long, PeerId> peerOf = new HashMap<>();
    Set<PeerId> guarded = new HashSet<>();
    long now = random.nextLong(); // any monotonic clock, which may overflow
    long timer = now;
    for (long step = 0; step < 3_000; step++) {
      now += random.nextLong(2 * SECOND);
      List<ConnectionDecision> decisions = List.of();
      PeerId peer = PEERS.get(random.nextInt(PEERS.size()));
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          Busy busy = new Busy();
          busy.active = now;
          busy.streams = random.nextInt(2);
          openedAt.put(step, now);
          peerOf.put(step, peer);
          decisions = machine.opened(step, peer, random.nextBoolean(), busy, now);
        }
        case 3 -> {
          if (guarded.size() < 3 && guarded.add(peer)) {
            machine.protect(peer, "realm");
          } else if (guarded.remove(peer)) {
            assertThat(machine.unprotect(peer, "realm")).isFalse();
          }
        }
        case 4 -> machine.bump(peer, "t", random.nextInt(21) - 10, Duration.ofSeconds(5), now);
        default -> decisions = timer - now <= 0 ? machine.tick(now) : decisions;
      }
      for (ConnectionDecision decision : decisions) {
        switch (decision) {
          case Close close -> {
            String what = "seed " + seed + " step " + step;
            assertThat(guarded).as(what).doesNotContain(close.peer());
            assertThat(openedAt).as(what).containsKey(close.connection());
            long since = Objects.requireNonNull(openedAt.remove(close.connection()));
            assertThat(now - since).as(what).isGreaterThanOrEqualTo(20 * SECOND);
            assertThat(close.peer()).as(what).isEqualTo(peerOf.remove(close.connection()));
            machine.closed(close.connection());
            assertThat(machine.connections()).as(what).isGreaterThanOrEqualTo(MARKS.low());
          }
          case ArmTimer arm -> timer = arm.atNanos();
        }
      }
      assertThat(machine.connections()).isEqualTo(openedAt.size());
    }
  }
}
