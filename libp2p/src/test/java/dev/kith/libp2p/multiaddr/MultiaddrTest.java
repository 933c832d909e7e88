package dev.kith.libp2p.multiaddr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();

  @ParameterizedTest
  @CsvSource({
    "/ip4/1.2.3.4, 0401020304",
    "/ip4/127.0.0.1/tcp/4321, 047f0000010610e1",
    "/ip4/127.0.0.1/udp/1234/quic-v1, 047f000001910204d2cd03",
    "/ip6/2601:9:4f81:9700:803e:ca65:66e8:c21, 29260100094f819700803eca6566e80c21",
    "/ip6/::1/tcp/80, 29000000000000000000000000000000010600" + "50",
    "/dns4/example.com/tcp/443/wss, 360b6578616d706c652e636f6d0601bbde03",
    "/dns/a.b/tcp/1/ws, 3503612e62060001dd03",
    "/memory/7, 89060000000000000007",
    "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC, "
        + "a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c0b",
    "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC/p2p-circuit, "
        + "a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c0ba202",
  })
  void textAndBytes_nameTheSameAddress(String text, String hex) throws Exception {
    Multiaddr address = Multiaddr.parse(text);
    assertThat(address.encoded()).isEqualTo(Bytes.fromHexString(hex));
    assertThat(Multiaddr.decode(Bytes.fromHexString(hex))).isEqualTo(address);
    assertThat(address.toString()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "ip4/1.2.3.4",
        "/ip4",
        "/ip4/",
        "/ip4/1.2.3",
        "/ip4/1.2.3.4.5",
        "/ip4/1.2.3.256",
        "/ip4/::1",
        "/ip6/1.2.3.4",
        "/ip6/::g",
        "/ip6/fe80::1%eth0",
        "/tcp/65536",
        "/tcp/-1",
        "/tcp/",
        "/tcp/x",
        "/nonsense/1",
        "/p2p/xyz",
        "/dns4//tcp/1",
        "/dns4/ex\u00e4mple.org/tcp/1",
        "/dns4/\u001b[2J/tcp/1",
        "/memory/18446744073709551616",
        "/ip4/1.2.3.4//tcp/1"
      })
  void parse_refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Multiaddr.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "04", "040102", "06", "0600", "a503", "a50320", "a5030112", "ffff7f", "8004"})
  void decode_refuses(String hex) {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Multiaddr.decode(Bytes.fromHexString(hex)));
  }

  @Test
  void decode_survivesRandomBytes() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = 4;
      }
      try {
        Bytes wrapped = Bytes.wrap(bytes);
        Multiaddr address = Multiaddr.decode(wrapped);
        assertThat(Multiaddr.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
      } catch (ProtocolViolationException expected) {
        assertThat(expected).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void parse_takesTheOldNameOfP2pAndASlashAtTheEnd() {
    assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/1/ipfs/" + PEER + "/"))
        .isEqualTo(Multiaddr.parse("/ip4/1.2.3.4/tcp/1").withPeer(PEER));
  }

  @Test
  void ip6_isWrittenShort() {
    assertThat(Multiaddr.parse("/ip6/2001:0db8:0:0:0:0:0:0001").toString())
        .isEqualTo("/ip6/2001:db8::1");
    Multiaddr mapped = Multiaddr.parse("/ip6/::ffff:1.2.3.4/tcp/1");
    assertThat(Multiaddr.parse(mapped.toString())).isEqualTo(mapped);
  }

  @Test
  void decodeKnown_leavesOutWhatIsUnknown() {
    Multiaddr good = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
    Bytes webtransport = Bytes.concatenate(good.encoded(), Bytes.fromHexString("d103"));
    assertThat(
            Multiaddr.decodeKnown(
                List.of(webtransport, Bytes.of(9, 9), good.encoded(), Bytes.EMPTY), 10))
        .containsExactly(good);
    assertThat(Multiaddr.decodeKnown(List.of(good.encoded(), good.encoded()), 1)).hasSize(1);
  }

  @Test
  void peer_isPutOnAndTakenOff() {
    Multiaddr plain = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
    Multiaddr full = plain.withPeer(PEER);
    assertThat(full.toString()).isEqualTo("/ip4/1.2.3.4/tcp/1/p2p/" + PEER);
    assertThat(full.peer()).contains(PEER);
    assertThat(full.withPeer(PEER)).isEqualTo(full);
    assertThat(full.withoutPeer()).isEqualTo(plain);
    assertThat(plain.peer()).isEmpty();
    assertThat(plain.withoutPeer()).isEqualTo(plain);
  }

  @Test
  void tcpAddress_isForPlainTcpOnly() {
    assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/5/p2p/" + PEER).tcpAddress())
        .contains(new InetSocketAddress(InetAddress.ofLiteral("1.2.3.4"), 5));
    assertThat(Multiaddr.parse("/dns4/localhost/tcp/5").tcpAddress().orElseThrow().isUnresolved())
        .isTrue();
    assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/5/ws").tcpAddress()).isEmpty();
    assertThat(Multiaddr.parse("/ip4/1.2.3.4/udp/5/quic-v1").tcpAddress()).isEmpty();
    Multiaddr back = Multiaddr.ofTcp(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
    assertThat(back).isEqualTo(Multiaddr.parse("/ip4/127.0.0.1/tcp/9"));
    assertThat(Multiaddr.ofTcp(new InetSocketAddress(InetAddress.ofLiteral("::1"), 9)))
        .isEqualTo(Multiaddr.parse("/ip6/::1/tcp/9"));
  }

  @Test
  void longAddresses_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Multiaddr.parse("/tcp/1".repeat(Multiaddr.COMPONENTS_MAX + 1)));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Multiaddr.decode(Bytes.wrap(new byte[Multiaddr.BYTES_MAX + 1])));
  }
}
