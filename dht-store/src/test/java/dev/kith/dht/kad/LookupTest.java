package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookupTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final Lookup.Limits LIMITS =
      new Lookup.Limits(4, 2, 12, 30, Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final SplittableRandom random = new SplittableRandom(2);
  private final PeerId self = Fixtures.contact(random).id();
  private final KeyHash target = KeyHash.of(Fixtures.key(random));
  // Nearest first.
  private final List<Contact> peers =
      Stream.generate(() -> Fixtures.contact(random))
          .limit(40)
          .sorted(Comparator.comparing(c -> KeyHash.of(c.id()), KeyHash.byDistanceTo(target)))
          .toList();

  @Test
  void start_asksTheNearestUpToAlpha() {
    Lookup lookup = lookup(peers.get(9), peers.get(3), peers.get(7));
    assertThat(asked(lookup.start(START))).containsExactly(peers.get(3), peers.get(7));
  }

  @Test
  void start_finishesAtOnceWithNobodyToAsk() {
    assertThat(lookup().start(START)).containsExactly(new Lookup.Finish(List.of(), false));
  }

  @Test
  void answered_turnsToNearerPeers() {
    Lookup lookup = lookup(peers.get(9));
    lookup.start(START);
    List<Lookup.Decision> next =
        lookup.answered(
            peers.get(9).id(), List.of(peers.get(2), peers.get(1), peers.get(5)), START);
    assertThat(asked(next)).containsExactly(peers.get(1), peers.get(2));
  }

  @Test
  void lookup_endsWhenTheNearestKHaveAnsweredThoughOthersAreUnderWay() {
    Lookup lookup = lookup(peers.get(0), peers.get(1), peers.get(2), peers.get(3), peers.get(4));
    lookup.start(START);
    Lookup.Finish finish = answerAll(lookup, 4);
    assertThat(finish.closest()).containsExactlyElementsOf(peers.subList(0, 4));
    assertThat(finish.exhausted()).isFalse();
    assertThat(lookup.failed(peers.get(4).id(), START)).isEmpty();
  }

  @Test
  void failed_isReplacedByTheNextNearest() {
    Lookup lookup = lookup(peers.get(0), peers.get(1), peers.get(2), peers.get(3), peers.get(4));
    lookup.start(START);
    lookup.failed(peers.get(0).id(), START);
    Lookup.Finish finish = answerAll(lookup, 5);
    assertThat(finish.closest()).containsExactlyElementsOf(peers.subList(1, 5));
  }

  @Test
  void tick_givesTheSlotOfASlowPeerToTheNextAndStillTakesItsAnswer() {
    Lookup lookup = lookup(peers.get(0), peers.get(1), peers.get(2));
    lookup.start(START);
    assertThat(lookup.wakeAt(START)).contains(START.plusSeconds(1));
    Instant impatient = START.plusSeconds(1);
    assertThat(asked(lookup.tick(impatient))).containsExactly(peers.get(2));
    lookup.answered(peers.get(0).id(), List.of(), impatient);
    lookup.answered(peers.get(1).id(), List.of(), impatient);
    List<Lookup.Decision> last = lookup.answered(peers.get(2).id(), List.of(), impatient);
    assertThat(last).containsExactly(new Lookup.Finish(peers.subList(0, 3), false));
  }

  @Test
  void tick_failsARequestAfterItsTimeout() {
    Lookup lookup = lookup(peers.get(0));
    lookup.start(START);
    assertThat(lookup.tick(START.plusSeconds(5)))
        .containsExactly(new Lookup.Finish(List.of(), false));
  }

  @Test
  void answered_takesAFewNamesOfEachPeerAndKeepsTheNearest() {
    Lookup lookup = lookup(peers.get(39));
    lookup.start(START);
    lookup.answered(peers.get(39).id(), peers, START);
    Lookup.Finish finish = answerAll(lookup, 40);
    // Five names were taken: the first ones that were given.
    assertThat(finish.closest()).containsExactlyElementsOf(peers.subList(0, 4));
    assertThat(lookup.requests()).isLessThanOrEqualTo(6);
  }

  @Test
  void requests_areCapped() {
    Lookup lookup = lookup(peers.get(39));
    List<Lookup.Decision> decisions = new ArrayList<>(lookup.start(START));
    Lookup.Finish finish = null;
    while (finish == null) {
      Lookup.Decision decision = decisions.removeFirst();
      switch (decision) {
        // Everyone names newcomers, and only a few of those answer.
        case Lookup.Ask(Contact peer) ->
            decisions.addAll(
                peer.equals(peers.get(39)) || random.nextInt(2) == 0
                    ? lookup.answered(peer.id(), names(8), START)
                    : lookup.failed(peer.id(), START));
        case Lookup.Finish f -> finish = f;
      }
    }
    assertThat(lookup.requests()).isLessThanOrEqualTo(30);
  }

  @Test
  void answered_triesAFailedPeerAgainAtAnotherAddressOnce() {
    Lookup lookup = lookup(peers.get(5), peers.get(6));
    Contact slandered = peers.get(1);
    Contact wrong = at(slandered, "/ip4/192.0.2.1/tcp/1");
    lookup.start(START);
    assertThat(asked(lookup.answered(peers.get(5).id(), List.of(wrong), START)))
        .containsExactly(wrong);
    lookup.failed(slandered.id(), START);
    List<Contact> again = asked(lookup.answered(peers.get(6).id(), List.of(slandered), START));
    assertThat(again).extracting(Contact::id).containsExactly(slandered.id());
    assertThat(again.getFirst().addresses()).startsWith(slandered.addresses().getFirst());
    assertThat(lookup.failed(slandered.id(), START)).hasSize(1);
  }

  @Test
  void answered_leavesAsideWhatALiarNamedUnlessAnotherNamesItToo() {
    Lookup.Limits wide =
        new Lookup.Limits(10, 2, 100, 100, Duration.ofSeconds(1), Duration.ofSeconds(5));
    Lookup lookup = new Lookup(target, self, List.of(peers.get(20), peers.get(21)), wide);
    lookup.start(START);
    lookup.answered(peers.get(20).id(), peers.subList(0, 8), START);
    List<Lookup.Decision> decisions = new ArrayList<>();
    for (Contact invented : peers.subList(0, 4)) {
      decisions.addAll(lookup.failed(invented.id(), START));
    }
    // A fifth was asked before the fourth failed; the rest is left aside.
    assertThat(asked(decisions)).doesNotContain(peers.get(5), peers.get(6), peers.get(7));
    lookup.failed(peers.get(4).id(), START);
    List<Lookup.Decision> corroborated =
        lookup.answered(peers.get(21).id(), List.of(peers.get(6)), START);
    assertThat(asked(corroborated)).containsExactly(peers.get(6));
  }

  @Test
  void itself_isNeverAsked() {
    Contact me = at(new Contact(self, List.of()), "/ip4/192.0.2.1/tcp/1");
    Lookup lookup = lookup(me, peers.get(0));
    assertThat(asked(lookup.start(START))).containsExactly(peers.get(0));
  }

  @Test
  void strangersAndRepeatedAnswers_areIgnored() {
    Lookup lookup = lookup(peers.get(0), peers.get(1));
    lookup.start(START);
    assertThat(lookup.answered(peers.get(30).id(), peers, START)).isEmpty();
    lookup.answered(peers.get(0).id(), List.of(), START);
    assertThat(lookup.answered(peers.get(0).id(), peers, START)).isEmpty();
  }

  private Lookup lookup(Contact... seeds) {
    return new Lookup(target, self, List.of(seeds), LIMITS);
  }

  private List<Contact> names(int count) {
    return Stream.generate(() -> Fixtures.contact(random)).limit(count).toList();
  }

  private static Contact at(Contact peer, String address) {
    return new Contact(peer.id(), List.of(Multiaddr.parse(address)));
  }

  private static List<Contact> asked(List<Lookup.Decision> decisions) {
    return decisions.stream()
        .filter(Lookup.Ask.class::isInstance)
        .map(d -> ((Lookup.Ask) d).peer())
        .toList();
  }

  /** Answers for the nearest {@code count} peers, naming nobody, until the lookup ends. */
  private Lookup.Finish answerAll(Lookup lookup, int count) {
    for (Contact peer : peers.subList(0, count)) {
      for (Lookup.Decision decision : lookup.answered(peer.id(), List.of(), START)) {
        if (decision instanceof Lookup.Finish finish) {
          return finish;
        }
      }
    }
    throw new AssertionError("the lookup did not end");
  }
}
