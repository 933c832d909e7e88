package dev.kith.libp2p.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DialRankerTest {
  private static List<String> plan(boolean ip6, String... addresses) {
    return DialRanker.plan(Stream.of(addresses).map(Multiaddr::parse).toList(), ip6).stream()
        .map(planned -> planned.delay().toMillis() + " " + planned.address())
        .toList();
  }

  @Test
  void onlyAddress_isDialledAtOnce() {
    assertThat(plan(true, "/ip4/1.1.1.1/tcp/1")).containsExactly("0 /ip4/1.1.1.1/tcp/1");
    assertThat(plan(true)).isEmpty();
  }

  @Test
  void quic_hasAHeadStartBeforeTcpAndThatBeforeWebSocket() {
    assertThat(
            plan(true, "/ip4/1.1.1.1/tcp/3/ws", "/ip4/1.1.1.1/tcp/2", "/ip4/1.1.1.1/udp/1/quic-v1"))
        .containsExactly(
            "0 /ip4/1.1.1.1/udp/1/quic-v1", "250 /ip4/1.1.1.1/tcp/2", "500 /ip4/1.1.1.1/tcp/3/ws");
  }

  @Test
  void ip6_hasAHeadStartBeforeIp4AndTheRestWaitsForBoth() {
    assertThat(
            plan(
                true,
                "/ip4/1.1.1.1/udp/1/quic-v1",
                "/ip4/2.2.2.2/udp/1/quic-v1",
                "/ip6/2001:db8::1/udp/1/quic-v1",
                "/ip6/2001:db8::2/udp/1/quic-v1",
                "/ip4/1.1.1.1/tcp/1"))
        .containsExactly(
            "0 /ip6/2001:db8::1/udp/1/quic-v1",
            "250 /ip4/1.1.1.1/udp/1/quic-v1",
            "500 /ip6/2001:db8::2/udp/1/quic-v1",
            "500 /ip4/2.2.2.2/udp/1/quic-v1",
            "750 /ip4/1.1.1.1/tcp/1");
  }

  @Test
  void lowestPort_comesFirst() {
    assertThat(plan(true, "/ip4/1.1.1.1/tcp/50000", "/ip4/1.1.1.1/tcp/4001"))
        .containsExactly("0 /ip4/1.1.1.1/tcp/4001", "250 /ip4/1.1.1.1/tcp/50000");
  }

  @Test
  void addressesOfThisNetwork_goTheirOwnFasterWay() {
    assertThat(
            plan(
                true,
                "/ip4/1.1.1.1/tcp/1",
                "/ip4/127.0.0.1/udp/1/quic-v1",
                "/ip4/192.168.1.1/tcp/1",
                "/ip6/fd00::1/tcp/1",
                "/ip6/fe80::1/tcp/1"))
        .containsExactly(
            "0 /ip4/127.0.0.1/udp/1/quic-v1",
            "0 /ip4/1.1.1.1/tcp/1",
            "30 /ip6/fd00::1/tcp/1",
            "60 /ip4/192.168.1.1/tcp/1",
            "90 /ip6/fe80::1/tcp/1");
  }

  @Test
  void machineWithoutIp6_triesSuchAddressesLast() {
    assertThat(
            plan(false, "/ip6/2001:db8::1/udp/1/quic-v1", "/ip4/1.1.1.1/tcp/1", "/ip6/::1/tcp/1"))
        .containsExactly(
            "0 /ip6/::1/tcp/1", "0 /ip4/1.1.1.1/tcp/1", "250 /ip6/2001:db8::1/udp/1/quic-v1");
    assertThat(plan(false, "/ip6/2001:db8::1/tcp/1")).containsExactly("0 /ip6/2001:db8::1/tcp/1");
  }

  @Test
  void namesAreNotRanked() {
    assertThatIllegalArgumentException().isThrownBy(() -> plan(true, "/dns4/example.com/tcp/1"));
  }
}
