package dev.kith.libp2p.gossipsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.gossipsub.router.Decision;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which peers are dialled that others offer, and where. */
class DialsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Multiaddr PUBLIC = Multiaddr.parse("/ip4/9.9.9.9/tcp/1");
  private static final Multiaddr ROUTER = Multiaddr.parse("/ip4/192.168.178.1/tcp/80");
  private static final PrivateKey OFFERED = Keys.fromSeed(KeyType.ED25519, 3);

  private final MemoryNetwork network = new MemoryNetwork();
  private final Host host = network.host(Keys.fromSeed(KeyType.ED25519, 1));
  private final Host teller =
      network.host(Keys.fromSeed(KeyType.ED25519, 2), Multiaddr.parse("/ip4/8.8.8.8/tcp/1"));
  private final Dials dials = new Dials(host, Runnable::run);

  @AfterEach
  void close() {
    network.close();
  }

  private void offer(PrivateKey signer) {
    Bytes record =
        new PeerRecord(signer.publicKey().peerId(), 1, List.of(ROUTER, PUBLIC)).sign(signer);
    dials.dial(
        new Decision.DialOffered(OFFERED.publicKey().peerId(), Optional.of(record), teller.id()));
  }

  private List<Multiaddr> known() {
    return host.addressBook().addresses(OFFERED.publicKey().peerId());
  }

  @Test
  void offeredPeers_areDialledOnlyWhereTheTellerIsBelieved() throws Exception {
    host.connect(teller.id(), teller.listenAddresses(), SOON);
    offer(OFFERED);
    assertThat(known()).containsExactly(PUBLIC);
  }

  @Test
  void offeredPeers_areNotDialledByRecordsOfOthersOrOfTellersThatLeft() throws Exception {
    offer(OFFERED);
    assertThat(known()).isEmpty();
    host.connect(teller.id(), teller.listenAddresses(), SOON);
    offer(teller.key());
    assertThat(known()).isEmpty();
  }
}
