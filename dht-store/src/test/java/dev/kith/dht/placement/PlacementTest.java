package dev.kith.dht.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.dht.placement.Placement.Relaxed;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final long ROOM = 1L << 40;

  private static PeerId peer(int number) {
    return new PeerId(Bytes.of(0, 1, number));
  }

  private static Candidate candidate(int number, String address) {
    return new Candidate(
        peer(number),
        Segment.of("", List.of(Multiaddr.parse(address))),
        ROOM,
        Optional.of(Duration.ofMillis(number)),
        1,
        number);
  }

  private static List<PeerId> peers(Placement.Choice choice) {
    return choice.holders().stream().map(Candidate::peer).toList();
  }

  @Test
  void choose_takesTheNearOneAndOthersOnSegmentsApart() {
    Placement.Choice choice =
        Placement.choose(
            List.of(
                candidate(0, "/ip4/127.0.1.1/tcp/1"),
                candidate(1, "/ip4/127.0.1.2/tcp/1"),
                candidate(2, "/ip4/127.0.2.1/tcp/1"),
                candidate(3, "/ip4/127.0.2.9/tcp/1"),
                candidate(4, "/ip6/2001:db8:1::1/tcp/1")),
            3,
            1);
    assertThat(peers(choice)).containsExactly(peer(0), peer(2), peer(4));
    assertThat(choice.relaxed()).isEmpty();
  }

  @Test
  void choose_prefersHealthThenTheNeighbourhoodThenRoom() {
    Candidate near = candidate(0, "/ip4/10.0.0.1/tcp/1");
    Candidate sick =
        new Candidate(peer(1), Set.of(new Segment("a")), ROOM, Optional.empty(), 0.3, 0);
    Candidate far =
        new Candidate(
            peer(2), Set.of(new Segment("b")), ROOM, Optional.empty(), 0.95, Candidate.FAR);
    Candidate neighbour =
        new Candidate(peer(3), Set.of(new Segment("c")), 10, Optional.empty(), 0.9, 5);
    assertThat(peers(Placement.choose(List.of(sick, far, neighbour, near), 4, 10)))
        .containsExactly(peer(0), peer(3), peer(2), peer(1));
  }

  @Test
  void choose_sharesASegmentRatherThanLoseACopyAndSaysSo() {
    Placement.Choice choice =
        Placement.choose(
            List.of(
                candidate(0, "/ip4/127.0.0.1/tcp/1"),
                candidate(1, "/ip4/127.0.0.1/tcp/2"),
                candidate(2, "/ip4/127.0.0.1/tcp/3"),
                candidate(3, "/ip4/127.0.0.1/tcp/4")),
            3,
            1);
    assertThat(peers(choice)).containsExactly(peer(0), peer(1), peer(2));
    assertThat(choice.relaxed()).containsExactly(Relaxed.SEGMENTS_APART);
  }

  @Test
  void choose_passesOverWhoHasNoRoomAndSaysWhenCopiesAreMissing() {
    Candidate full =
        new Candidate(peer(9), Set.of(new Segment("x")), 99, Optional.of(Duration.ZERO), 1, 0);
    Placement.Choice choice =
        Placement.choose(
            List.of(
                full, candidate(1, "/ip4/127.0.1.1/tcp/1"), candidate(2, "/ip4/127.0.2.1/tcp/1")),
            3,
            100);
    assertThat(peers(choice)).containsExactly(peer(1), peer(2));
    assertThat(choice.relaxed()).containsExactly(Relaxed.COPIES);
    assertThat(Placement.choose(List.of(), 3, 1).holders()).isEmpty();
  }

  @Test
  void choose_treatsAnUnknownSegmentAsShared() {
    Candidate unknown = new Candidate(peer(1), Set.of(), ROOM, Optional.empty(), 1, 0);
    Placement.Choice choice =
        Placement.choose(
            List.of(
                candidate(0, "/ip4/127.0.1.1/tcp/1"),
                unknown,
                candidate(5, "/ip4/127.0.2.1/tcp/1")),
            2,
            1);
    assertThat(peers(choice)).containsExactly(peer(0), peer(5));
  }

  @Test
  void replace_staysApartFromThoseThatGoOn() {
    Placement.Choice choice =
        Placement.replace(
            List.of(candidate(0, "/ip4/127.0.1.1/tcp/1"), candidate(2, "/ip4/127.0.2.1/tcp/1")),
            List.of(candidate(3, "/ip4/127.0.2.2/tcp/1"), candidate(4, "/ip4/127.0.3.1/tcp/1")),
            3,
            1);
    assertThat(peers(choice)).containsExactly(peer(4));
    assertThat(choice.relaxed()).isEmpty();
  }

  @Test
  void segment_isTheDeclaredSiteOrThePrefixesOfTheAddresses() {
    List<Multiaddr> addresses =
        List.of(
            Multiaddr.parse("/ip4/192.168.7.4/tcp/1"),
            Multiaddr.parse("/ip6/2001:db8:7:1::9/tcp/1"),
            Multiaddr.parse("/memory/1"));
    assertThat(Segment.of("", addresses))
        .containsExactlyInAnyOrder(new Segment("ip4:c0a807"), new Segment("ip6:20010db80007"));
    assertThat(Segment.of(" attic", addresses)).containsExactly(new Segment("site:attic"));
    assertThat(Segment.of("", List.of(Multiaddr.parse("/memory/1")))).isEmpty();
  }
}
