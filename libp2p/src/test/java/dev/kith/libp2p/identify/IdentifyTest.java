package dev.kith.libp2p.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host believes of what its peers say. */
class IdentifyTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Multiaddr CLAIMED = Multiaddr.parse("/ip4/9.9.9.9/tcp/9");

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<PeerInfo> heard = new CopyOnWriteArrayList<>();
  private Host host;
  private Host peer;

  @BeforeEach
  void start() {
    host = network.host(Keys.fromSeed(KeyType.ED25519, 1));
    peer = network.host(Keys.fromSeed(KeyType.ED25519, 2));
    host.listener(
        new HostListener() {
          @Override
          public void identified(PeerId id, PeerInfo info) {
            heard.add(info);
          }
        });
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static byte[] message(PublicKey key, String agent) {
    PeerInfo info = new PeerInfo("", agent, List.of(CLAIMED), List.of(), Optional.empty());
    return Varint.prefixed(IdentifyMessage.of(info, key).encode());
  }

  @Test
  void push_changesWhatItNamesAndKeepsTheRest() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    try (Stream push = peer.open(host.id(), SOON, Identify.PUSH_PROTOCOL)) {
      push.output().write(message(peer.key().publicKey(), "changed/2"));
    }
    await().until(() -> heard.size() == 2);
    assertThat(heard.get(1).agentVersion()).isEqualTo("changed/2");
    assertThat(heard.get(1).listenAddresses()).containsExactly(CLAIMED);
    assertThat(heard.get(1).protocols()).isEqualTo(heard.get(0).protocols());
    assertThat(host.addressBook().addresses(peer.id())).contains(CLAIMED);
  }

  @Test
  void messageWithAnotherPeersKey_isNotBelieved() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    PublicKey other = Keys.fromSeed(KeyType.ED25519, 3).publicKey();
    Stream push = peer.open(host.id(), SOON, Identify.PUSH_PROTOCOL);
    push.output().write(message(other, "forged"));
    push.closeWrite();
    await()
        .until(
            () -> {
              try {
                return push.input().read() < 0;
              } catch (java.io.IOException reset) {
                return true;
              }
            });
    assertThat(heard).hasSize(1);
    assertThat(host.addressBook().addresses(peer.id())).doesNotContain(CLAIMED);
    assertThat(host.addressBook().peers()).doesNotContain(other.peerId());
  }

  @Test
  void serve_afterConnectingIsPushed() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    peer.serve("/test/new/1", stream -> {});
    await().until(() -> heard.size() > 1 && heard.getLast().protocols().contains("/test/new/1"));
    peer.stopServing("/test/new/1");
    await().until(() -> !heard.getLast().protocols().contains("/test/new/1"));
  }
}
