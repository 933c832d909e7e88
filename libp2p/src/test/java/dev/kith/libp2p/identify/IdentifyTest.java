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
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.record.PeerRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host believes of what its peers say. */
class IdentifyTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Multiaddr CLAIMED = Multiaddr.parse("/ip4/9.9.9.9/tcp/9");

  private static final Multiaddr SIGNED = Multiaddr.parse("/ip4/9.9.9.9/tcp/10");

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
    assertThat(heard.get(1).listenAddresses())
        .as("what was signed is not replaced by what is not")
        .isEqualTo(heard.get(0).listenAddresses());
    assertThat(heard.get(1).protocols()).isEqualTo(heard.get(0).protocols());
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

  private void push(PeerInfo info) throws Exception {
    try (Stream push = peer.open(host.id(), SOON, Identify.PUSH_PROTOCOL)) {
      for (byte[] part : IdentifyMessage.of(info, peer.key().publicKey()).messages()) {
        push.output().write(Varint.prefixed(part));
      }
    }
  }

  private static PeerInfo saying(String agent, Optional<Bytes> record, Multiaddr... listens) {
    return new PeerInfo("", agent, List.of(listens), List.of(), Optional.empty(), record);
  }

  @Test
  void signedAddresses_areSentVerifiedAndPreferred() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    Bytes sent = heard.getFirst().signedRecord().orElseThrow();
    assertThat(PeerRecord.open(sent).peer()).isEqualTo(peer.id());
    assertThat(host.addressBook().signedRecord(peer.id())).contains(sent);
    PeerRecord newer = new PeerRecord(peer.id(), Long.MAX_VALUE, List.of(SIGNED));
    push(saying("2", Optional.of(newer.sign(peer.key())), CLAIMED));
    await().until(() -> heard.size() == 2);
    assertThat(heard.getLast().listenAddresses()).containsExactly(SIGNED);
    assertThat(host.addressBook().addresses(peer.id()).getFirst()).isEqualTo(SIGNED);
    assertThat(host.addressBook().addresses(peer.id())).doesNotContain(CLAIMED);
  }

  @Test
  void recordThatIsOldForgedOrOfAnother_isNotBelieved() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    List<Multiaddr> signed = heard.getFirst().listenAddresses();
    PrivateKey other = Keys.fromSeed(KeyType.ED25519, 3);
    Bytes old = new PeerRecord(peer.id(), 1, List.of(CLAIMED)).sign(peer.key());
    Bytes another = new PeerRecord(other.publicKey().peerId(), -1, List.of(CLAIMED)).sign(other);
    Bytes good = new PeerRecord(peer.id(), -1, List.of(CLAIMED)).sign(peer.key());
    byte[] flipped = good.toArray();
    flipped[flipped.length - 1] ^= 1;
    int told = 1;
    for (Bytes record :
        List.of(old, another, Bytes.wrap(flipped), good.slice(0, 40), Bytes.of(1), Bytes.EMPTY)) {
      push(saying("push " + told, Optional.of(record), CLAIMED));
      int expected = ++told;
      await().until(() -> heard.size() == expected);
      assertThat(heard.getLast().listenAddresses()).as("%s", record).isEqualTo(signed);
    }
    assertThat(host.addressBook().addresses(peer.id())).doesNotContain(CLAIMED);
    assertThat(host.addressBook().peers()).doesNotContain(other.publicKey().peerId());
    assertThat(host.connectedTo(peer.id())).isTrue();
  }

  @Test
  void longMessages_areSplitAndMerged() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    List<Multiaddr> many = new ArrayList<>();
    for (int port = 1; port <= PeerRecord.ADDRESSES_MAX; port++) {
      many.add(Multiaddr.parse("/ip6/2001:db8::1/tcp/" + port));
    }
    Bytes record = new PeerRecord(peer.id(), Long.MAX_VALUE, many).sign(peer.key());
    PeerInfo info = saying("long", Optional.of(record), many.toArray(new Multiaddr[0]));
    List<byte[]> parts = IdentifyMessage.of(info, peer.key().publicKey()).messages();
    assertThat(parts).hasSize(2).allMatch(part -> part.length <= IdentifyMessage.BYTES_MAX);
    push(info);
    await().until(() -> heard.size() == 2);
    assertThat(heard.getLast().listenAddresses()).containsExactlyElementsOf(many);
  }

  @Test
  void garbage_changesNothingAndEndsItsStreamOnly() throws Exception {
    peer.connect(host.id(), host.listenAddresses(), SOON);
    await().until(() -> heard.size() == 1);
    long seed = 17;
    Random random = new Random(seed);
    byte[] valid = message(peer.key().publicKey(), "x");
    for (int i = 0; i < 200; i++) {
      byte[] bytes = valid.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int length = random.nextInt(bytes.length + 1);
      try (Stream push = peer.open(host.id(), SOON, Identify.PUSH_PROTOCOL)) {
        push.output().write(bytes, 0, length);
      } catch (java.io.IOException reset) {
        assertThat(reset).isNotNull();
      }
    }
    Stream endless = peer.open(host.id(), SOON, Identify.PUSH_PROTOCOL);
    endless.timeout(SOON);
    org.assertj.core.api.Assertions.assertThatIOException()
        .isThrownBy(
            () -> {
              byte[] part = Varint.prefixed(new byte[0]);
              for (int i = 0; i < 1_000_000; i++) {
                endless.output().write(part);
              }
            });
    assertThat(host.connectedTo(peer.id())).isTrue();
    push(saying("still here", Optional.empty()));
    await().until(() -> heard.getLast().agentVersion().equals("still here"));
  }
}
