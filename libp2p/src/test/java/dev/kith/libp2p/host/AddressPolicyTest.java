package dev.kith.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is believed of where peers are, and by whom they are told. */
class AddressPolicyTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();

  @AfterEach
  void close() {
    network.close();
  }

  private static List<String> believed(String teller, String... addresses) {
    return Stream.of(addresses)
        .filter(
            a ->
                AddressPolicy.NEAR.believes(Multiaddr.parse(a + "/tcp/1"), Multiaddr.parse(teller)))
        .toList();
  }

  private static final String[] ALL = {
    "/ip4/9.9.9.9",
    "/ip6/2606:4700::1111",
    "/ip4/127.0.0.1",
    "/ip6/::1",
    "/ip4/0.0.0.0",
    "/ip4/169.254.169.254",
    "/ip4/10.0.0.7",
    "/ip4/192.168.1.1",
    "/ip6/fd12:3456:789a::1",
    "/ip4/192.0.2.1",
    "/dns4/example.org",
  };

  @Test
  void peersOnTheInternet_tellOfTheInternetOnly() {
    assertThat(believed("/ip4/8.8.8.8/tcp/2", ALL))
        .containsExactly("/ip4/9.9.9.9", "/ip6/2606:4700::1111", "/dns4/example.org");
  }

  @Test
  void peersOnAPrivateNetwork_tellOfThatNetworkToo() {
    assertThat(believed("/ip4/10.200.0.1/udp/2/quic-v1", ALL))
        .containsExactly(
            "/ip4/9.9.9.9", "/ip6/2606:4700::1111", "/ip4/10.0.0.7", "/dns4/example.org");
    assertThat(believed("/ip6/fd12:3456:789a:1::5/tcp/2", ALL))
        .contains("/ip6/fd12:3456:789a::1")
        .doesNotContain("/ip4/10.0.0.7");
    assertThat(believed("/ip6/fd12:3456:ffff::5/tcp/2", ALL))
        .as("of another site")
        .doesNotContain("/ip6/fd12:3456:789a::1");
    assertThat(believed("/ip4/169.254.7.7/tcp/2", ALL))
        .contains("/ip4/169.254.169.254")
        .doesNotContain("/ip4/192.168.1.1", "/ip4/127.0.0.1");
  }

  @Test
  void peersOnThisMachine_tellOfAllThatCanBeDialled() {
    assertThat(believed("/ip4/127.0.3.1/tcp/2", ALL))
        .doesNotContain("/ip4/0.0.0.0")
        .hasSize(ALL.length - 1);
  }

  @Test
  void introductions_areWrittenDownAndToldWithoutWhatIsNotBelieved() throws Exception {
    Multiaddr reached = Multiaddr.parse("/ip4/8.8.8.8/tcp/1");
    Multiaddr router = Multiaddr.parse("/ip4/192.168.178.1/tcp/80");
    Host host = network.host(Keys.fromSeed(KeyType.ED25519, 1));
    Host liar = network.host(Keys.fromSeed(KeyType.ED25519, 2), reached, router);
    try (EventFeed feed = host.events(16)) {
      host.connect(liar.id(), List.of(reached), SOON);
      await().atMost(SOON).until(() -> host.addressBook().signedRecord(liar.id()).isPresent());
      assertThat(host.addressBook().addresses(liar.id())).containsExactly(reached);
      assertThat(host.addressBook().hearsay(liar.id(), reached)).isTrue();
      while (true) {
        if (feed.take() instanceof HostEvent.PeerIdentified(var _, PeerInfo info)) {
          assertThat(info.listenAddresses()).containsExactly(reached);
          return;
        }
      }
    }
  }
}
