package dev.kith.libp2p.identify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import org.junit.jupiter.api.Test;

class ObservedAddressesTest {
  private static final Multiaddr SEEN = Multiaddr.parse("/ip4/203.0.113.7/tcp/4001");

  private final ObservedAddresses observed = new ObservedAddresses();

  private static PeerId peer(int seed) {
    return Keys.fromSeed(KeyType.ED25519, seed).publicKey().peerId();
  }

  private static Multiaddr at(String ip) {
    return Multiaddr.parse("/ip4/" + ip + "/tcp/5");
  }

  @Test
  void address_isACandidateOnceEnoughSitesHaveSeenIt() {
    for (int i = 1; i <= 3; i++) {
      observed.sighted(SEEN, peer(i), at("10.0." + i + ".1"), 0);
    }
    assertThat(observed.candidates(0)).isEmpty();
    observed.sighted(SEEN, peer(4), at("10.0.4.1"), 0);
    assertThat(observed.candidates(0)).containsExactly(SEEN);
    assertThat(observed.candidates(ObservedAddresses.LIFE_NANOS + 1)).isEmpty();
  }

  @Test
  void manyPeersOfOneSite_areOneWitness() {
    for (int i = 1; i <= 100; i++) {
      observed.sighted(SEEN, peer(i), at("10.0.0." + i), 0);
      observed.sighted(SEEN, peer(1), at("10.0.0.1"), i);
    }
    assertThat(observed.candidates(0)).isEmpty();
  }

  @Test
  void nonsense_isNotCollected() {
    for (String text :
        new String[] {
          "/ip4/0.0.0.0/tcp/1",
          "/ip4/224.0.0.1/udp/1/quic-v1",
          "/dns4/example.org/tcp/1",
          "/memory/1"
        }) {
      for (int i = 1; i <= 8; i++) {
        observed.sighted(Multiaddr.parse(text), peer(i), at("10.0." + i + ".1"), 0);
      }
    }
    assertThat(observed.candidates(0)).isEmpty();
  }

  @Test
  void floodOfAddresses_doesNotDriveOutTheOneThatManySee() {
    for (int i = 1; i <= 5; i++) {
      observed.sighted(SEEN, peer(i), at("10.0." + i + ".1"), 0);
    }
    for (int port = 1; port <= 10_000; port++) {
      observed.sighted(
          Multiaddr.parse("/ip4/198.51.100.1/tcp/" + port), peer(66), at("10.66.0.1"), port);
      if (port % 50 == 0) {
        observed.sighted(SEEN, peer(port % 5 + 1), at("10.0." + (port % 5 + 1) + ".1"), port);
      }
    }
    assertThat(observed.candidates(10_000)).containsExactly(SEEN);
  }
}
