package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdvertisedAddressesTest {
  private static List<Multiaddr> addresses(String... texts) {
    return Stream.of(texts).map(Multiaddr::parse).toList();
  }

  @Test
  void publicAddressesOfTransportsThatListen_areToldUpToThree() {
    List<Multiaddr> listening =
        addresses("/ip4/192.168.1.7/tcp/4001", "/ip4/192.168.1.7/udp/4001/quic-v1");
    List<Multiaddr> observed =
        addresses(
            "/ip4/192.168.1.7/tcp/4001",
            "/ip4/10.0.0.1/tcp/4001",
            "/ip4/9.9.9.9/tcp/4001/ws",
            "/ip4/9.9.9.9/udp/4001/quic-v1",
            "/ip4/9.9.9.9/tcp/4001",
            "/ip6/2606:4700::1/tcp/4001",
            "/ip4/8.8.8.8/tcp/4001");
    assertThat(AdvertisedAddresses.of(listening, observed))
        .containsExactlyElementsOf(
            addresses(
                "/ip4/192.168.1.7/tcp/4001",
                "/ip4/192.168.1.7/udp/4001/quic-v1",
                "/ip4/9.9.9.9/udp/4001/quic-v1",
                "/ip4/9.9.9.9/tcp/4001",
                "/ip6/2606:4700::1/tcp/4001"));
    assertThat(AdvertisedAddresses.of(List.of(), observed)).isEmpty();
  }
}
