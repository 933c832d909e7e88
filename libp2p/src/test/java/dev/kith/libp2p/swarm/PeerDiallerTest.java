package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.dial.DialBackoff;
import dev.kith.libp2p.dns.Dns;
import dev.kith.libp2p.dns.NameResolver;
import dev.kith.libp2p.host.DialTargets;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/** Which addresses come to be dialled. */
class PeerDiallerTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();

  private final Set<String> tried = new ConcurrentSkipListSet<>();

  /** Every name stands for an address of the internet, one of a router, and this machine. */
  private static final Dns DNS =
      new Dns() {
        @Override
        public List<InetAddress> addresses(String name) {
          return List.of(
              InetAddress.ofLiteral("9.9.9.9"),
              InetAddress.ofLiteral("192.168.178.1"),
              InetAddress.ofLiteral("127.0.0.1"));
        }

        @Override
        public List<String> texts(String name) {
          return List.of("dnsaddr=/ip4/10.0.0.1/tcp/2", "dnsaddr=/ip4/8.8.8.8/tcp/2");
        }
      };

  /** Nobody answers. */
  private final class Silence implements Transport {
    @Override
    public boolean dials(Multiaddr address) {
      return true;
    }

    @Override
    public boolean listensOn(Multiaddr address) {
      return false;
    }

    @Override
    public List<Multiaddr> listen(Multiaddr address) {
      throw new IllegalArgumentException("address: nobody listens");
    }

    @Override
    public MuxedConnection dial(PeerId peer, Multiaddr address, long deadline) throws IOException {
      tried.add(address.toString());
      throw new ConnectException("refused");
    }

    @Override
    public void close() {}
  }

  private final PeerDialler dialler =
      new PeerDialler(
          List.of(new Silence()),
          new NameResolver(DNS),
          new DialBackoff(InstantSource.system()),
          () -> false);

  private void dial(List<Multiaddr> known, List<Multiaddr> heard) {
    assertThatIOException()
        .isThrownBy(
            () ->
                dialler.dial(
                    PEER, new DialTargets(List.of(), known, heard), Duration.ofSeconds(10)));
  }

  @Test
  void namesByHearsay_leadToTheInternetOnly() {
    dial(
        List.of(),
        List.of(
            Multiaddr.parse("/dns4/evil.example/tcp/1"),
            Multiaddr.parse("/dnsaddr/evil.example"),
            Multiaddr.parse("/ip4/127.0.0.1/tcp/3")));
    assertThat(tried)
        .as("numbers were judged when they were heard")
        .containsExactlyInAnyOrder(
            "/ip4/9.9.9.9/tcp/1", "/ip4/8.8.8.8/tcp/2", "/ip4/127.0.0.1/tcp/3");
  }

  @Test
  void namesThatWereConfigured_leadAnywhere() {
    dial(List.of(Multiaddr.parse("/dns4/nas.home/tcp/1")), List.of());
    assertThat(tried)
        .containsExactlyInAnyOrder(
            "/ip4/9.9.9.9/tcp/1", "/ip4/192.168.178.1/tcp/1", "/ip4/127.0.0.1/tcp/1");
  }
}
