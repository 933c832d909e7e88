package dev.kith.libp2p.gossipsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.gossipsub.router.MeshParams;
import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.libp2p.gossipsub.router.Verdict;
import dev.kith.libp2p.gossipsub.router.Version;
import dev.kith.libp2p.gossipsub.wire.MessageIdFunction;
import dev.kith.libp2p.gossipsub.wire.MessageSecurity;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcCodec;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts of the memory network that publish and subscribe. */
class GossipsubTest {
  private static final String TOPIC = "news";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final GossipsubConfig CONFIG =
      GossipsubConfig.defaults()
          .withRouter(
              RouterParams.defaults()
                  .withMesh(MeshParams.defaults().withHeartbeat(Duration.ofMillis(100))));

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Gossipsub> started = new ArrayList<>();
  private long seed;

  @AfterEach
  void close() {
    started.forEach(Gossipsub::close);
    network.close();
  }

  private Host host(KeyType type) {
    return network.host(Keys.fromSeed(type, ++seed));
  }

  private Host host() {
    return host(seed % 2 == 0 ? KeyType.ED25519 : KeyType.SECP256K1);
  }

  private Gossipsub start(Host host, GossipsubConfig config) {
    Gossipsub gossipsub = Gossipsub.start(host, config);
    started.add(gossipsub);
    return gossipsub;
  }

  private static void connect(Host from, Host to) throws Exception {
    from.connect(to.id(), to.listenAddresses(), SOON);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(Optional<Message> message) {
    return new String(message.orElseThrow().data(), UTF_8);
  }

  @Test
  void publish_reachesAllSubscribersOnceWithBothTypesOfKey() throws Exception {
    List<Host> hosts = new ArrayList<>();
    List<Gossipsub> peers = new ArrayList<>();
    List<Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      hosts.add(host());
      peers.add(start(hosts.get(i), CONFIG));
      subscriptions.add(peers.get(i).subscribe(TOPIC));
    }
    for (int i = 1; i < 8; i++) {
      connect(hosts.get(i), hosts.get(i - 1)); // a line: most messages are forwarded
    }
    for (int i = 0; i < 8; i++) {
      int at = i;
      int neighbours = i == 0 || i == 7 ? 1 : 2;
      await().atMost(SOON).until(() -> peers.get(at).mesh(TOPIC).size() == neighbours);
    }
    for (int i = 0; i < 20; i++) {
      peers.get(i % 8).publish(TOPIC, bytes("message " + i));
    }
    for (int i = 0; i < 8; i++) {
      Set<String> seen = new HashSet<>();
      for (int n = 0; n < (i < 4 ? 17 : 18); n++) { // own messages do not come back
        Message message = subscriptions.get(i).next(SOON).orElseThrow();
        assertThat(seen.add(new String(message.data(), UTF_8))).isTrue();
        assertThat(message.from()).isPresent();
      }
      assertThat(subscriptions.get(i).dropped()).isZero();
    }
  }

  @Test
  void subscribe_withHandlerAndOwnMessages_andUnsubscribe() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub first = start(a, CONFIG.withDeliverOwn(true));
    Gossipsub second = start(b, CONFIG);
    LinkedBlockingQueue<String> handled = new LinkedBlockingQueue<>();
    Subscription own = first.subscribe(TOPIC);
    Subscription subscription =
        second.subscribe(TOPIC, message -> handled.add(new String(message.data(), UTF_8)));
    connect(a, b);
    await().atMost(SOON).until(() -> first.subscribers(TOPIC).contains(b.id()));
    first.publish(TOPIC, bytes("hello"));
    assertThat(handled.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(text(own.next(SOON))).isEqualTo("hello");
    subscription.close();
    await().atMost(SOON).until(() -> first.subscribers(TOPIC).isEmpty());
    assertThat(subscription.next()).isEmpty();
    first.close();
    assertThat(own.next()).isEmpty();
    assertThatIllegalStateException().isThrownBy(() -> first.publish(TOPIC, bytes("late")));
  }

  @Test
  void validator_acceptsRejectsAndIgnores_whileOthersGoOn() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub first = start(a, CONFIG);
    Gossipsub second = start(b, CONFIG);
    CountDownLatch slow = new CountDownLatch(1);
    second.validator(
        TOPIC,
        message ->
            switch (new String(message.data(), UTF_8)) {
              case "slow" -> {
                slow.await();
                yield Verdict.ACCEPT;
              }
              case "bad" -> Verdict.REJECT;
              case "odd" -> Verdict.IGNORE;
              case "bug" -> throw new IllegalStateException("of the test");
              default -> Verdict.ACCEPT;
            });
    Subscription subscription = second.subscribe(TOPIC);
    connect(a, b);
    await().atMost(SOON).until(() -> first.subscribers(TOPIC).contains(b.id()));
    for (String text : List.of("slow", "bad", "odd", "bug", "good")) {
      first.publish(TOPIC, bytes(text));
    }
    assertThat(text(subscription.next(SOON))).isEqualTo("good");
    slow.countDown();
    assertThat(text(subscription.next(SOON))).isEqualTo("slow");
    await().atMost(SOON).until(() -> second.stats().router().invalid() == 1);
    await().atMost(SOON).until(() -> second.stats().router().ignored() == 2);
  }

  @Test
  void unsignedMessages_travelAmongPeersThatAgree() throws Exception {
    GossipsubConfig unsigned =
        CONFIG.withSecurity(MessageSecurity.STRICT_NO_SIGN, MessageIdFunction.byContent());
    Host a = host();
    Host b = host();
    Gossipsub first = start(a, unsigned);
    Subscription subscription = start(b, unsigned).subscribe(TOPIC);
    connect(b, a);
    await().atMost(SOON).until(() -> first.subscribers(TOPIC).contains(b.id()));
    first.publish(TOPIC, bytes("twice"));
    first.publish(TOPIC, bytes("twice"));
    first.publish(TOPIC, bytes("once"));
    assertThat(text(subscription.next(SOON))).isEqualTo("twice");
    Message once = subscription.next(SOON).orElseThrow();
    assertThat(new String(once.data(), UTF_8)).isEqualTo("once");
    assertThat(once.from()).isEmpty();
  }

  @Test
  void reconnect_afterTheConnectionBreaks_restoresTheMesh() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub first = start(a, CONFIG);
    Subscription subscription = start(b, CONFIG).subscribe(TOPIC);
    for (int i = 0; i < 3; i++) {
      connect(a, b);
      await().atMost(SOON).until(() -> first.subscribers(TOPIC).contains(b.id()));
      first.publish(TOPIC, bytes("round " + i));
      assertThat(text(subscription.next(SOON))).isEqualTo("round " + i);
      a.connections().forEach(dev.kith.libp2p.host.Connection::close);
      await().atMost(SOON).until(() -> first.subscribers(TOPIC).isEmpty());
    }
  }

  @Test
  void publish_refusesWhatPeersWouldNotRead() {
    Gossipsub gossipsub = start(host(), CONFIG);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gossipsub.publish(TOPIC, new byte[1 << 20]));
    assertThatIllegalArgumentException().isThrownBy(() -> gossipsub.publish("", bytes("x")));
  }

  @Test
  void largeMessages_arriveWhole() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub first = start(a, CONFIG);
    Subscription subscription = start(b, CONFIG).subscribe(TOPIC);
    connect(a, b);
    await().atMost(SOON).until(() -> first.subscribers(TOPIC).contains(b.id()));
    byte[] data = new byte[1_000_000];
    new java.util.Random(1).nextBytes(data);
    first.publish(TOPIC, data);
    assertThat(subscription.next(SOON).orElseThrow().data()).isEqualTo(data);
  }

  @Test
  void forgedMessages_areNotDelivered_andGraylistTheirSender() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub victim = start(a, CONFIG);
    Subscription subscription = victim.subscribe(TOPIC);
    b.serve(Version.V1_2.protocol(), stream -> stream.input().readAllBytes());
    connect(b, a);
    try (Stream stream = b.open(a.id(), SOON, Version.V1_2.protocol())) {
      for (int i = 0; i < 12; i++) {
        PubsubMessage other =
            MessageSecurity.STRICT_SIGN.seal(b.key(), i, TOPIC, bytes("true " + i));
        byte[] forged = other.frame().clone();
        forged[forged.length - 1] ^= 1; // the last byte of the signature
        stream.output().write(forged);
      }
      // The last of them may already meet a sender that is graylisted for the first.
      await().atMost(SOON).until(() -> victim.score(b.id()) < -80);
      assertThat(victim.stats().router().invalid()).isBetween(1L, 12L);
      PubsubMessage good = MessageSecurity.STRICT_SIGN.seal(b.key(), 99, TOPIC, bytes("true"));
      stream.output().write(good.frame());
      await().atMost(SOON).until(() -> victim.stats().router().graylisted() > 0);
      assertThat(subscription.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void malformedRpc_endsTheStream_andCostsScore() throws Exception {
    Host a = host();
    Host b = host();
    Gossipsub victim = start(a, CONFIG);
    b.serve(Version.V1_2.protocol(), stream -> stream.input().readAllBytes());
    connect(b, a);
    try (Stream stream = b.open(a.id(), SOON, Version.V1_2.protocol())) {
      stream.timeout(SOON);
      stream.output().write(RpcCodec.encode(List.of(new RpcPart.Subscribe(TOPIC))));
      await().atMost(SOON).until(() -> victim.subscribers(TOPIC).contains(b.id()));
      stream.output().write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f}); // 256 MiB
      await().atMost(SOON).until(() -> victim.score(b.id()) < -80);
    }
  }

  @Test
  void slowPeer_losesMessagesWhichAreCounted_andHoldsUpNobody() throws Exception {
    Host a = host();
    Host slow = host();
    Host quick = host();
    Gossipsub first = start(a, CONFIG);
    CountDownLatch done = new CountDownLatch(1);
    slow.serve(Version.V1_2.protocol(), stream -> done.await());
    Subscription subscription = start(quick, CONFIG).subscribe(TOPIC);
    connect(slow, a);
    connect(quick, a);
    try (Stream stream = slow.open(a.id(), SOON, Version.V1_2.protocol())) {
      stream.output().write(RpcCodec.encode(List.of(new RpcPart.Subscribe(TOPIC))));
      await().atMost(SOON).until(() -> first.subscribers(TOPIC).size() == 2);
      int sent = 0;
      while (first.stats().droppedForSlowPeers() == 0 && sent < 2_000) {
        first.publish(TOPIC, new byte[100_000]);
        assertThat(subscription.next(SOON)).isPresent();
        sent++;
      }
      assertThat(first.stats().droppedForSlowPeers()).isPositive();
    } finally {
      done.countDown();
    }
  }
}
