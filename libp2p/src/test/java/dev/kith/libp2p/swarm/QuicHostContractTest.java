package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostContractTest;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

class QuicHostContractTest {
  private static Host start(PrivateKey key, AdmissionPolicy admission) throws Exception {
    return new HostBuilder(key)
        .listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"))
        .admission(admission)
        .start();
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  @Nested
  class WithSecp256k1 extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission);
    }
  }

  @Nested
  class WithEd25519 extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission);
    }

    @Override
    protected KeyType keyType() {
      return KeyType.ED25519;
    }
  }
}
