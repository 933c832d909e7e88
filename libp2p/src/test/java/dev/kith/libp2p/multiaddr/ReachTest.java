package dev.kith.libp2p.multiaddr;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, NOWHERE",
    "0.1.2.3, NOWHERE",
    "::, NOWHERE",
    "224.0.0.1, NOWHERE",
    "ff02::1, NOWHERE",
    "255.255.255.255, NOWHERE",
    "127.0.0.1, LOOPBACK",
    "127.0.7.1, LOOPBACK",
    "::1, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "169.254.169.254, LINK",
    "fe80::1, LINK",
    "10.1.2.3, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.32.0.1, PUBLIC",
    "192.168.178.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "100.128.0.1, PUBLIC",
    "fd12:3456:789a::1, PRIVATE",
    "192.0.2.1, RESERVED",
    "203.0.113.9, RESERVED",
    "240.0.0.1, RESERVED",
    "2001:db8::1, RESERVED",
    "9.9.9.9, PUBLIC",
    "2606:4700::1111, PUBLIC",
    "64:ff9b::c0a8:0101, PRIVATE",
    "64:ff9b::0808:0808, PUBLIC",
    "64:ff9b:1::1, PRIVATE",
    "2002:7f00:0001::1, LOOPBACK",
    "::192.168.1.1, PRIVATE",
  })
  void addresses_areToldApartAlsoWhereOneHidesInAnother(String address, Reach reach) {
    assertThat(Reach.of(InetAddress.ofLiteral(address))).isEqualTo(reach);
  }
}
