package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostContractTest;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.tls.TlsProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

class TcpHostContractTest {
  private static Host start(PrivateKey key, AdmissionPolicy admission, Security security)
      throws Exception {
    return builder(key, admission).securities(security).start();
  }

  private static HostBuilder builder(PrivateKey key, AdmissionPolicy admission) {
    return new HostBuilder(key)
        .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
        .admission(admission);
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  @Nested
  class OverNoiseWithSecp256k1 extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission, Security.NOISE);
    }
  }

  @Nested
  class OverTlsWithEd25519 extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission, Security.TLS);
    }

    @Override
    protected KeyType keyType() {
      return KeyType.ED25519;
    }
  }

  @Nested
  class OverTheJdksTls extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return builder(key, admission).securities(Security.TLS).tlsProvider(TlsProvider.JDK).start();
    }
  }
}
