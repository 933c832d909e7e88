package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofMinutes(5));

  private final SplittableRandom random = new SplittableRandom(1);
  private final PeerId self = Fixtures.contact(random).id();
  private final RoutingTable table =
      new RoutingTable(self, new RoutingTable.Limits(3, 2, 3, Duration.ofMinutes(1)));
  private final List<Contact> far = Fixtures.inBucket(self, 0, random).limit(8).toList();

  @Test
  void offer_pingsOldestWhenBucketIsFull() {
    fill();
    assertThat(table.offer(far.get(3), LATER)).isEqualTo(new RoutingTable.Offer.Probe(far.get(0)));
    assertThat(table.offer(far.get(4), LATER)).isEqualTo(new RoutingTable.Offer.Waits());
    assertThat(table.contacts()).containsExactlyElementsOf(far.subList(0, 3));
  }

  @Test
  void offer_doesNotPingAPeerHeardOfAMomentAgo() {
    fill();
    Instant soon = START.plusSeconds(10);
    assertThat(table.offer(far.get(3), soon)).isEqualTo(new RoutingTable.Offer.Waits());
  }

  @Test
  void alive_keepsTheOldPeerAndPingsTheNextOldest() {
    fill();
    table.offer(far.get(3), LATER);
    table.alive(far.get(0).id(), LATER);
    assertThat(table.offer(far.get(4), LATER)).isEqualTo(new RoutingTable.Offer.Probe(far.get(1)));
    assertThat(table.contacts()).contains(far.get(0));
  }

  @Test
  void failed_givesThePlaceToTheReplacementHeardOfLast() {
    fill();
    table.offer(far.get(3), LATER);
    table.offer(far.get(4), LATER);
    table.failed(far.get(0).id(), LATER);
    assertThat(table.contacts()).containsExactlyInAnyOrder(far.get(1), far.get(2), far.get(4));
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void failed_keepsAPeerForAWhileWhenNobodyWaits() {
    fill();
    PeerId peer = far.get(1).id();
    table.failed(peer, LATER);
    table.failed(peer, LATER);
    assertThat(table.size()).isEqualTo(3);
    table.failed(peer, LATER);
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void failed_countsOnlyFailuresInARow() {
    fill();
    PeerId peer = far.get(1).id();
    for (int i = 0; i < 5; i++) {
      table.failed(peer, LATER);
      table.failed(peer, LATER);
      table.alive(peer, LATER);
    }
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void offer_refusesItselfAndPeersWithoutAddress() {
    Contact me = new Contact(self, far.get(0).addresses());
    Contact nowhere = new Contact(far.get(0).id(), List.of());
    assertThat(table.offer(me, START)).isEqualTo(new RoutingTable.Offer.Refused());
    assertThat(table.offer(nowhere, START)).isEqualTo(new RoutingTable.Offer.Refused());
    assertThat(table.size()).isZero();
  }

  @Test
  void replacements_areBounded() {
    fill();
    far.subList(3, 8).forEach(c -> table.offer(c, START));
    for (int i = 0; i < 3; i++) {
      table.remove(far.get(i).id(), LATER);
    }
    assertThat(table.contacts()).containsExactlyInAnyOrder(far.get(6), far.get(7));
  }

  @Test
  void closest_equalsSortingAllPeersByDistance() {
    RoutingTable large = new RoutingTable(self, RoutingTable.Limits.of(20));
    List<Contact> all = new ArrayList<>();
    Stream.generate(() -> Fixtures.contact(random)).limit(60).forEach(all::add);
    Fixtures.inBucket(self, 5, random).limit(15).forEach(all::add);
    Fixtures.inBucket(self, 8, random).limit(5).forEach(all::add);
    all.removeIf(c -> large.offer(c, START) instanceof RoutingTable.Offer.Waits);
    for (int i = 0; i < 200; i++) {
      KeyHash target =
          i % 2 == 0 ? KeyHash.of(Fixtures.key(random)) : KeyHash.of(all.get(i % all.size()).id());
      Comparator<KeyHash> byDistance = KeyHash.byDistanceTo(target);
      List<Contact> expected =
          all.stream()
              .sorted(Comparator.comparing(c -> KeyHash.of(c.id()), byDistance))
              .limit(20)
              .toList();
      assertThat(large.closest(target, 20)).isEqualTo(expected);
    }
    assertThat(large.closest(KeyHash.of(self), 1000)).hasSize(large.size());
  }

  private void fill() {
    far.subList(0, 3).forEach(c -> table.offer(c, START));
  }
}
