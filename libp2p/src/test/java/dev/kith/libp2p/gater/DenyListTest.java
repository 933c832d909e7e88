package dev.kith.libp2p.gater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Subnet;
import dev.kith.libp2p.resource.Direction;
import java.net.InetAddress;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class DenyListTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();
  private static final Multiaddr AT = Multiaddr.parse("/ip4/10.1.2.3/tcp/1");

  private final DenyList list = new DenyList();

  @Test
  void peer_isNeitherDialledNorAdmitted() {
    assertThat(list.dialsPeer(PEER)).isTrue();
    list.deny(PEER);
    assertThat(list.dialsPeer(PEER)).isFalse();
    assertThat(list.dialsAddress(PEER, AT)).isFalse();
    assertThat(list.admitsSecured(Direction.INBOUND, PEER, AT)).isFalse();
    assertThat(list.accepts(AT)).as("nobody knows yet who it is").isTrue();
    list.allow(PEER);
    assertThat(list.dialsPeer(PEER)).isTrue();
  }

  @Test
  void address_isRefusedAloneOrWithItsSubnet() {
    InetAddress address = InetAddress.ofLiteral("10.1.2.3");
    list.deny(address);
    assertThat(list.accepts(AT)).isFalse();
    assertThat(list.accepts(Multiaddr.parse("/ip4/10.1.2.4/tcp/1"))).isTrue();
    list.deny(Subnet.parse("10.1.0.0/16"));
    assertThat(list.accepts(Multiaddr.parse("/ip4/10.1.2.4/udp/1/quic-v1"))).isFalse();
    assertThat(list.accepts(Multiaddr.parse("/ip4/10.2.2.4/tcp/1"))).isTrue();
    list.allow(Subnet.parse("10.1.0.0/16"));
    assertThat(list.accepts(AT)).isFalse();
    list.allow(address);
    assertThat(list.dialsAddress(PEER, AT)).isTrue();
  }

  @Test
  void families_areKeptApart() {
    list.deny(Subnet.parse("2001:db8::/32"));
    list.deny(Subnet.parse("0.0.0.0/0"));
    assertThat(list.accepts(Multiaddr.parse("/ip6/2001:db8:1::1/tcp/1"))).isFalse();
    assertThat(list.accepts(Multiaddr.parse("/ip6/2001:db9::1/tcp/1"))).isTrue();
    assertThat(list.accepts(AT)).isFalse();
    assertThat(list.accepts(Multiaddr.parse("/memory/1"))).isTrue();
  }

  @Test
  void list_isBounded() {
    for (int i = 0; i < DenyList.ENTRIES_MAX; i++) {
      list.deny(new Subnet(Bytes.of(10, i >>> 16 & 0xff, i >>> 8 & 0xff, i & 0xff), 32));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> list.deny(InetAddress.ofLiteral("11.0.0.0")));
    assertThat(list.accepts(Multiaddr.parse("/ip4/10.0.200.7/tcp/1"))).isFalse();
  }

  @Test
  void subnets_areReadAndWritten() {
    assertThat(Subnet.parse("10.1.2.3/8").toString()).isEqualTo("10.0.0.0/8");
    assertThat(Subnet.parse("10.1.2.3").bits()).isEqualTo(32);
    assertThat(Subnet.parse("10.1.2.3/31").contains(InetAddress.ofLiteral("10.1.2.2"))).isTrue();
    assertThat(Subnet.parse("10.1.2.3/31").contains(InetAddress.ofLiteral("10.1.2.4"))).isFalse();
    for (String bad : new String[] {"10.0.0.0/33", "x", "::/129", "1.2.3.4/", "/8"}) {
      assertThatIllegalArgumentException().as(bad).isThrownBy(() -> Subnet.parse(bad));
    }
  }
}
