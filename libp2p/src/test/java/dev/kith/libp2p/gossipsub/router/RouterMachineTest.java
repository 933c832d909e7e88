package dev.kith.libp2p.gossipsub.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.gossipsub.score.ScoreParams;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Graft;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IDontWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IHave;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.OfferedPeer;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Prune;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Subscribe;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Unsubscribe;
import dev.kith.libp2p.identity.PeerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterMachineTest {
  private static final String TOPIC = "news";
  private static final long SECOND = 1_000_000_000L;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private RouterMachine router = router(RouterParams.defaults());
  private long now = 1_000 * SECOND;

  private static RouterMachine router(RouterParams params) {
    return new RouterMachine(
        peer(0), params, new SplittableRandom(1), peer -> Optional.of(Bytes.of(1)));
  }

  private static PeerId peer(int number) {
    return PeerId.fromBytes(
        Bytes.concatenate(
            Bytes.of(0x12, 0x20), Bytes.wrap(ByteBuffer.allocate(32).putInt(number).array())));
  }

  private static MessageId id(int number) {
    return MessageId.of(ByteBuffer.allocate(4).putInt(number).array());
  }

  private static PubsubMessage message(int number, int bytes) {
    return PubsubMessage.anonymous(TOPIC, ByteBuffer.allocate(bytes).putInt(number).array());
  }

  private List<Decision> connect(int number, boolean outbound) {
    return router.connected(now, peer(number), Version.V1_2, outbound, Optional.empty());
  }

  private List<Decision> tell(int number, RpcPart... parts) {
    return router.control(now, peer(number), List.of(parts));
  }

  /** Peers 1 to count, which subscribed. */
  private void subscribers(int count) {
    for (int i = 1; i <= count; i++) {
      connect(i, false);
      tell(i, new Subscribe(TOPIC));
    }
  }

  private List<Decision> send(int from, int number) {
    return router.message(now, peer(from), message(number, 4), id(number));
  }

  /** A good message, to the end. */
  private List<Decision> bring(int from, int number, int bytes) {
    PubsubMessage message = message(number, bytes);
    List<Decision> all = new ArrayList<>(router.message(now, peer(from), message, id(number)));
    all.addAll(router.verified(now, message, true));
    all.addAll(router.validated(now, id(number), message, Verdict.ACCEPT));
    return all;
  }

  private List<Decision> heartbeats(int count) {
    List<Decision> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      now += SECOND;
      all.addAll(router.heartbeat(now));
    }
    return all;
  }

  private static <T extends RpcPart> List<T> sent(List<Decision> decisions, Class<T> type) {
    return decisions.stream()
        .filter(Decision.Send.class::isInstance)
        .map(decision -> ((Decision.Send) decision).part())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static <T extends Decision> List<T> only(List<Decision> decisions, Class<T> type) {
    return decisions.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void connected_isToldTheTopics_andJoinAndLeaveTellAll() {
    router.join(now, TOPIC);
    assertThat(connect(1, true)).containsExactly(new Decision.Send(peer(1), new Subscribe(TOPIC)));
    assertThat(sent(router.join(now, "other"), Subscribe.class)).hasSize(1);
    assertThat(sent(router.leave(now, TOPIC), Unsubscribe.class)).hasSize(1);
    assertThat(router.leave(now, TOPIC)).isEmpty();
  }

  @Test
  void join_graftsUpToD_andHeartbeatFillsAThinMesh() {
    subscribers(20);
    assertThat(sent(router.join(now, TOPIC), Graft.class)).hasSize(6);
    List<PeerId> mesh = new ArrayList<>(router.mesh(TOPIC));
    mesh.subList(0, 4).forEach(peer -> router.disconnected(now, peer));
    assertThat(sent(heartbeats(1), Graft.class)).hasSize(4);
    assertThat(router.mesh(TOPIC)).hasSize(6);
  }

  @Test
  void heartbeat_prunesACrowdedMeshToD_keepingThoseThatWereDialled() {
    router.join(now, TOPIC);
    for (int i = 1; i <= 20; i++) {
      connect(i, i > 17);
      tell(i, new Graft(TOPIC));
    }
    assertThat(router.mesh(TOPIC)).hasSize(15); // 12, and the three that were dialled
    List<Prune> prunes = sent(heartbeats(1), Prune.class);
    assertThat(prunes).hasSize(9).allMatch(p -> p.backoff().equals(Optional.of(MINUTE)));
    assertThat(router.mesh(TOPIC)).hasSize(6);
    assertThat(IntStream.rangeClosed(18, 20).filter(i -> router.mesh(TOPIC).contains(peer(i))))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void graft_intoAFullMesh_isTakenFromDialledPeersOnly() {
    router.join(now, TOPIC);
    for (int i = 1; i <= 12; i++) {
      connect(i, false);
      assertThat(tell(i, new Graft(TOPIC))).isEmpty();
    }
    connect(13, false);
    assertThat(sent(tell(13, new Graft(TOPIC)), Prune.class)).hasSize(1);
    connect(14, true);
    assertThat(tell(14, new Graft(TOPIC))).isEmpty();
    assertThat(router.mesh(TOPIC)).contains(peer(14)).doesNotContain(peer(13));
  }

  @Test
  void graft_ofAnUnknownTopic_isNotAnswered() {
    connect(1, false);
    assertThat(tell(1, new Graft("nothing"))).isEmpty();
  }

  @Test
  void prune_isObeyedForItsBackoff_andTwoHeartbeatsMore() {
    router.join(now, TOPIC);
    subscribers(1);
    assertThat(router.mesh(TOPIC)).containsExactly(peer(1));
    tell(1, new Prune(TOPIC, Optional.of(Duration.ofSeconds(10)), List.of()));
    assertThat(sent(heartbeats(11), Graft.class)).isEmpty();
    assertThat(sent(heartbeats(2), Graft.class)).hasSize(1);
  }

  @Test
  void graft_withinTheBackoff_isPrunedAndPenalised_alsoAfterAReconnect() {
    router.join(now, TOPIC);
    subscribers(1);
    tell(1, new Prune(TOPIC, Optional.empty(), List.of()));
    for (int i = 0; i < 4; i++) {
      router.disconnected(now, peer(1));
      connect(1, false);
      assertThat(sent(tell(1, new Graft(TOPIC)), Prune.class)).hasSize(1);
    }
    for (int i = 0; i < 5; i++) {
      tell(1, new Graft(TOPIC)); // at once after the prune: each counts twice
    }
    assertThat(router.score(peer(1))).isLessThan(-80);
    assertThat(tell(1, new Graft(TOPIC))).isEmpty(); // graylisted
    assertThat(router.stats().graylisted()).isPositive();
  }

  @Test
  void leave_prunesWithTheShortBackoff() {
    router.join(now, TOPIC);
    subscribers(2);
    List<Prune> prunes = sent(router.leave(now, TOPIC), Prune.class);
    assertThat(prunes)
        .hasSize(2)
        .allMatch(p -> p.backoff().equals(Optional.of(Duration.ofSeconds(10))));
    router.join(now, TOPIC);
    assertThat(router.mesh(TOPIC)).isEmpty();
    heartbeats(13);
    assertThat(router.mesh(TOPIC)).hasSize(2);
  }

  @Test
  void oldPeers_getNeitherBackoffNorIDontWant() {
    router.join(now, TOPIC);
    router.connected(now, peer(1), Version.V1_0, false, Optional.empty());
    tell(1, new Subscribe(TOPIC));
    subscribers(0);
    connect(2, false);
    tell(2, new Subscribe(TOPIC));
    assertThat(router.mesh(TOPIC)).hasSize(2);
    assertThat(sent(bring(2, 1, 5_000), IDontWant.class)).isEmpty();
    assertThat(sent(router.leave(now, TOPIC), Prune.class))
        .anyMatch(prune -> prune.backoff().isEmpty());
  }

  @Test
  void message_isForwardedToTheMesh_butNotToWhoSentIt() {
    router.join(now, TOPIC);
    subscribers(5);
    assertThat(only(send(1, 7), Decision.Verify.class)).hasSize(1);
    assertThat(send(2, 7)).isEmpty(); // the same bytes: their signature is checked once
    assertThat(only(router.verified(now, message(7, 4), true), Decision.Validate.class)).hasSize(1);
    assertThat(send(3, 7)).isEmpty();
    List<Decision> decisions = router.validated(now, id(7), message(7, 4), Verdict.ACCEPT);
    assertThat(only(decisions, Decision.Deliver.class)).hasSize(1);
    assertThat(only(decisions, Decision.Forward.class))
        .extracting(Decision.Forward::peer)
        .containsExactlyInAnyOrder(peer(4), peer(5));
    assertThat(send(4, 7)).isEmpty();
    assertThat(router.stats().duplicates()).isEqualTo(3);
    assertThat(router.score(peer(1))).isGreaterThan(router.score(peer(4)));
  }

  @Test
  void forgedMessage_withTheIdOfATrueOne_doesNotKeepItAway() {
    router.join(now, TOPIC);
    subscribers(3);
    PubsubMessage forged = message(99, 4);
    router.message(now, peer(1), forged, id(7));
    assertThat(only(send(2, 7), Decision.Verify.class)).hasSize(1);
    router.verified(now, forged, false);
    router.verified(now, message(7, 4), true);
    assertThat(
            only(
                router.validated(now, id(7), message(7, 4), Verdict.ACCEPT),
                Decision.Deliver.class))
        .hasSize(1);
    assertThat(router.score(peer(1))).isNegative();
    assertThat(router.score(peer(2))).isPositive();
  }

  @Test
  void rejectedMessage_costsAllWhoSendIt_andIgnoredOneNobody() {
    router.join(now, TOPIC);
    subscribers(3);
    for (int number = 1; number <= 2; number++) {
      send(number, number);
      router.verified(now, message(number, 4), true);
    }
    router.validated(now, id(1), message(1, 4), Verdict.REJECT);
    router.validated(now, id(2), message(2, 4), Verdict.IGNORE);
    send(3, 1);
    assertThat(router.score(peer(1))).isNegative();
    assertThat(router.score(peer(2))).isZero();
    assertThat(router.score(peer(3))).isNegative();
    heartbeats(1);
    assertThat(router.mesh(TOPIC)).containsExactly(peer(2));
  }

  @Test
  void checks_areBounded() {
    RouterParams d = RouterParams.defaults();
    router =
        router(
            new RouterParams(
                d.mesh(),
                d.gossip(),
                d.scores(),
                d.thresholds(),
                true,
                false,
                16,
                Set.of(),
                2,
                1_000));
    router.join(now, TOPIC);
    subscribers(1);
    assertThat(send(1, 1)).hasSize(1);
    assertThat(send(1, 2)).hasSize(1);
    assertThat(send(1, 3)).isEmpty();
    assertThat(router.stats().throttled()).isEqualTo(1);
    router.verified(now, message(1, 4), false);
    assertThat(send(1, 3)).hasSize(1);
  }

  @Test
  void iDontWant_isSentForLargeMessages_afterTheSignatureAndBeforeValidation() {
    router.join(now, TOPIC);
    subscribers(4);
    PubsubMessage large = message(1, 2_000);
    assertThat(sent(router.message(now, peer(1), large, id(1)), IDontWant.class)).isEmpty();
    assertThat(sent(router.verified(now, large, true), IDontWant.class)).hasSize(3);
    assertThat(sent(bring(1, 2, 100), IDontWant.class)).isEmpty();
  }

  @Test
  void iDontWant_isHeeded_untilThePeerAsks_andIsBoundedAHeartbeat() {
    router.join(now, TOPIC);
    subscribers(3);
    assertThat(tell(2, new IDontWant(List.of(id(1)))))
        .containsExactly(new Decision.Withdraw(peer(2), id(1)));
    assertThat(only(bring(1, 1, 10), Decision.Forward.class))
        .extracting(Decision.Forward::peer)
        .containsExactly(peer(3));
    assertThat(only(tell(2, new IWant(List.of(id(1)))), Decision.Answer.class)).hasSize(1);
    List<MessageId> many = IntStream.range(10, 2_010).mapToObj(RouterMachineTest::id).toList();
    assertThat(tell(3, new IDontWant(many))).hasSize(1_000);
    assertThat(router.score(peer(3))).isZero(); // never an offence
    heartbeats(1);
    assertThat(tell(3, new IDontWant(many))).hasSize(1_000);
  }

  @Test
  void iWant_isAnsweredThreeTimes_whileTheMessageIsKept() {
    router.join(now, TOPIC);
    subscribers(2);
    bring(1, 1, 10);
    for (int i = 0; i < 5; i++) {
      List<Decision> answer = tell(2, new IWant(List.of(id(1), id(1))));
      assertThat(answer).hasSize(i < 3 ? 1 : 0);
    }
    bring(1, 2, 10);
    heartbeats(6);
    assertThat(tell(2, new IWant(List.of(id(2))))).isEmpty();
  }

  @Test
  void iHave_isAnsweredWithinItsBounds_forJoinedTopicsAndUnseenMessages() {
    router.join(now, TOPIC);
    subscribers(1);
    bring(1, 1, 10);
    List<IWant> wants =
        sent(
            tell(1, new IHave(TOPIC, List.of(id(1), id(2))), new IHave("x", List.of(id(3)))),
            IWant.class);
    assertThat(wants).containsExactly(new IWant(List.of(id(2))));
    int asked = 0;
    for (int i = 0; i < 20; i++) {
      int from = 1_000 * (i + 1);
      List<MessageId> ids =
          IntStream.range(from, from + 1_000).mapToObj(RouterMachineTest::id).toList();
      asked +=
          sent(tell(1, new IHave(TOPIC, ids)), IWant.class).stream()
              .mapToInt(w -> w.ids().size())
              .sum();
    }
    assertThat(asked).isEqualTo(4_999);
  }

  @Test
  void brokenPromises_arePenalised_andKeptOnesAreNot() {
    router.join(now, TOPIC);
    subscribers(3);
    for (int i = 0; i < 10; i++) {
      tell(1, new IHave(TOPIC, List.of(id(100 + i))));
      tell(2, new IHave(TOPIC, List.of(id(200 + i))));
    }
    for (int i = 0; i < 10; i++) {
      bring(3, 200 + i, 10); // from whomever
    }
    heartbeats(4);
    assertThat(router.score(peer(1))).isLessThan(-80);
    assertThat(router.score(peer(2))).isNotNegative();
  }

  @Test
  void gossip_goesToPeersOutsideTheMesh_forThreeHeartbeats() {
    subscribers(20);
    router.join(now, TOPIC);
    PeerId source = router.mesh(TOPIC).iterator().next();
    PubsubMessage message = message(1, 10);
    router.message(now, source, message, id(1));
    router.verified(now, message, true);
    router.validated(now, id(1), message, Verdict.ACCEPT);
    for (int i = 0; i < 5; i++) {
      List<Decision> decisions = heartbeats(1);
      assertThat(sent(decisions, IHave.class)).hasSize(i < 3 ? 6 : 0);
      assertThat(only(decisions, Decision.Send.class))
          .filteredOn(send -> send.part() instanceof IHave)
          .noneMatch(send -> router.mesh(TOPIC).contains(send.peer()));
    }
  }

  @Test
  void publish_floodsOrUsesMeshOrFanout_whichIsForgottenInTime() {
    subscribers(20);
    assertThat(only(router.publish(now, id(1), message(1, 4)), Decision.Forward.class)).hasSize(20);
    assertThat(router.publish(now, id(1), message(1, 4))).isEmpty();
    router = router(RouterParams.defaults().withFloodPublish(false));
    subscribers(20);
    List<PeerId> fanout =
        only(router.publish(now, id(1), message(1, 4)), Decision.Forward.class).stream()
            .map(Decision.Forward::peer)
            .toList();
    assertThat(fanout).hasSize(6);
    assertThat(only(router.publish(now, id(2), message(2, 4)), Decision.Forward.class))
        .extracting(Decision.Forward::peer)
        .containsExactlyInAnyOrderElementsOf(fanout);
    assertThat(sent(heartbeats(1), IHave.class)).isNotEmpty();
    router.join(now, TOPIC);
    assertThat(router.mesh(TOPIC)).containsExactlyInAnyOrderElementsOf(fanout);
  }

  @Test
  void peersAreOffered_andDialled_onlyWhereThatIsOn_andTheSourceIsGood() {
    List<OfferedPeer> offered = List.of(new OfferedPeer(peer(50), Optional.of(Bytes.of(1))));
    Prune prune = new Prune(TOPIC, Optional.empty(), offered);
    router.join(now, TOPIC);
    subscribers(1);
    assertThat(only(tell(1, prune), Decision.DialOffered.class)).isEmpty();
    router = router(RouterParams.defaults().withPeerExchange(true));
    router.join(now, TOPIC);
    subscribers(14);
    assertThat(only(tell(1, prune), Decision.DialOffered.class)).isEmpty(); // not good enough
    for (int i = 0; i < 50; i++) {
      bring(2, i, 10);
    }
    assertThat(only(tell(2, prune), Decision.DialOffered.class)).hasSize(1);
    for (int i = 3; i <= 14; i++) {
      tell(i, new Graft(TOPIC));
    }
    connect(15, false);
    List<Prune> full = sent(tell(15, new Graft(TOPIC)), Prune.class);
    assertThat(full).hasSize(1);
    assertThat(full.getFirst().peers()).hasSize(14).noneMatch(p -> p.peer().equals(peer(15)));
  }

  @Test
  void directPeers_areDialled_neverGrafted_andGetEverything() {
    router = router(RouterParams.defaults().withDirectPeers(Set.of(peer(1), peer(9))));
    router.join(now, TOPIC);
    subscribers(3);
    assertThat(only(heartbeats(1), Decision.Dial.class))
        .containsExactly(new Decision.Dial(peer(9)));
    assertThat(router.mesh(TOPIC)).containsExactlyInAnyOrder(peer(2), peer(3));
    assertThat(sent(tell(1, new Graft(TOPIC)), Prune.class)).hasSize(1);
    assertThat(only(bring(2, 1, 10), Decision.Forward.class))
        .extracting(Decision.Forward::peer)
        .containsExactlyInAnyOrder(peer(1), peer(3));
  }

  @Test
  void opportunisticGraft_addsBetterPeersToAPoorMesh() {
    subscribers(20);
    router.join(now, TOPIC);
    PeerId good =
        router.subscribers(TOPIC).stream()
            .filter(peer -> !router.mesh(TOPIC).contains(peer))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 50; i++) {
      PubsubMessage message = message(i, 10);
      router.message(now, good, message, id(i));
      router.verified(now, message, true);
      router.validated(now, id(i), message, Verdict.ACCEPT);
    }
    heartbeats(40);
    for (PeerId poor : List.copyOf(router.mesh(TOPIC))) {
      // None of them has been there for long.
      router.control(now, poor, List.of(new Prune(TOPIC, Optional.empty(), List.of())));
      router.control(now, poor, List.of(new Unsubscribe(TOPIC)));
    }
    heartbeats(25);
    assertThat(router.mesh(TOPIC)).contains(good);
  }

  /** Whatever peers say: no failure, nobody in a mesh who should not be, no answer to nobody. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyOrderOfEvents_keepsTheInvariants(long seed) {
    Random random = new Random(seed);
    router =
        new RouterMachine(
            peer(0),
            RouterParams.defaults()
                .withFloodPublish(seed % 2 == 0)
                .withPeerExchange(seed % 3 == 0)
                .withScores(ScoreParams.defaults(), RouterParams.defaults().thresholds()),
            new SplittableRandom(seed),
            peer -> Optional.empty());
    List<String> topics = List.of(TOPIC, "a", "b");
    List<PubsubMessage> verifying = new ArrayList<>();
    List<Decision.Validate> validating = new ArrayList<>();
    Set<PeerId> connected = new java.util.HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(20_000_000);
      int number = 1 + random.nextInt(40);
      String topic = topics.get(random.nextInt(topics.size()));
      MessageId any = id(random.nextInt(300));
      List<Decision> decisions =
          switch (random.nextInt(16)) {
            case 0 -> {
              connected.add(peer(number));
              yield router.connected(
                  now,
                  peer(number),
                  List.of(Version.V1_0, Version.V1_1, Version.V1_2).get(random.nextInt(3)),
                  random.nextBoolean(),
                  Optional.of("ip" + number % 20));
            }
            case 1 -> {
              if (random.nextInt(4) > 0) {
                yield List.of();
              }
              connected.remove(peer(number));
              yield router.disconnected(now, peer(number));
            }
            case 2, 3 -> tell(number, new Subscribe(topic));
            case 4 -> tell(number, new Unsubscribe(topic));
            case 5 -> tell(number, new Graft(topic));
            case 6 -> tell(number, new Prune(topic, Optional.of(MINUTE), List.of()));
            case 7 -> tell(number, new IHave(topic, List.of(any)), new IWant(List.of(any)));
            case 8 -> tell(number, new IDontWant(List.of(any)));
            case 9 -> random.nextInt(20) == 0 ? router.leave(now, topic) : router.join(now, topic);
            case 10 -> {
              PubsubMessage own = PubsubMessage.anonymous(topic, any.toByteArray());
              yield router.publish(now, any, own);
            }
            case 11, 12 -> {
              PubsubMessage message =
                  PubsubMessage.anonymous(topic, new byte[random.nextInt(3_000)]);
              yield router.message(now, peer(number), message, any);
            }
            case 13 ->
                verifying.isEmpty()
                    ? List.of()
                    : router.verified(
                        now,
                        verifying.remove(random.nextInt(verifying.size())),
                        random.nextInt(20) > 0);
            case 14 -> {
              if (validating.isEmpty()) {
                yield List.of();
              }
              Decision.Validate done = validating.remove(random.nextInt(validating.size()));
              Verdict verdict =
                  switch (random.nextInt(20)) {
                    case 0 -> Verdict.REJECT;
                    case 1, 2 -> Verdict.IGNORE;
                    default -> Verdict.ACCEPT;
                  };
              yield router.validated(now, done.id(), done.message(), verdict);
            }
            default -> router.heartbeat(now);
          };
      for (Decision decision : decisions) {
        switch (decision) {
          case Decision.Send send -> assertThat(connected).contains(send.peer());
          case Decision.Forward forward -> assertThat(connected).contains(forward.peer());
          case Decision.Answer answer -> assertThat(connected).contains(answer.peer());
          case Decision.Verify verify -> verifying.add(verify.message());
          case Decision.Validate validate -> validating.add(validate);
          case Decision.Withdraw _,
              Decision.Deliver _,
              Decision.Dial _,
              Decision.DialOffered _ -> {}
        }
      }
      if (step % 50 == 0) {
        router.heartbeat(now);
        for (String joined : router.topics()) {
          assertThat(router.mesh(joined)).as("seed %d, step %d", seed, step).hasSizeLessThan(13);
          assertThat(router.subscribers(joined)).containsAll(router.mesh(joined));
          assertThat(router.mesh(joined)).allMatch(peer -> router.score(peer) >= 0);
        }
      }
    }
    assertThat(router.stats().delivered()).as("seed %d", seed).isPositive();
  }
}
