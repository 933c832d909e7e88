package dev.kith.libp2p.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostContractTest;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import org.junit.jupiter.api.Test;

class MemoryHostTest extends HostContractTest {
  private final MemoryNetwork network = new MemoryNetwork();

  @Override
  protected Host newHost(PrivateKey key, AdmissionPolicy admission) {
    return network.host(key, admission);
  }

  @Test
  void disconnect_cutsALinkUntilReconnect() throws Exception {
    Host c = network.host(Keys.secp256k1FromSeed(10), Multiaddr.parse("/ip4/127.0.1.1/tcp/1"));
    Host d = network.host(Keys.secp256k1FromSeed(11), Multiaddr.parse("/ip4/127.0.2.1/tcp/1"));
    Connection connection = c.connect(d.id(), d.listenAddresses(), SOON);
    network.disconnect(d.id(), c.id());
    assertThat(connection.open()).isFalse();
    assertThat(d.connections()).isEmpty();
    assertThatIOException().isThrownBy(() -> c.connect(d.id(), d.listenAddresses(), SOON));
    assertThatIOException().isThrownBy(() -> d.connect(c.id(), c.listenAddresses(), SOON));
    network.reconnect(c.id(), d.id());
    assertThat(c.connect(d.id(), d.listenAddresses(), SOON).open()).isTrue();
  }

  @Test
  void stop_takesAPeerOffUntilStart() throws Exception {
    Host c = network.host(Keys.secp256k1FromSeed(10));
    Host d = network.host(Keys.secp256k1FromSeed(11));
    c.connect(d.id(), d.listenAddresses(), SOON);
    network.stop(d.id());
    assertThat(c.connections()).isEmpty();
    assertThatIOException().isThrownBy(() -> c.connect(d.id(), d.listenAddresses(), SOON));
    assertThatIOException().isThrownBy(() -> d.connect(c.id(), c.listenAddresses(), SOON));
    network.start(d.id());
    assertThat(d.connect(c.id(), c.listenAddresses(), SOON).open()).isTrue();
  }
}
