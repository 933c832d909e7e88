package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResponderTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration LIFETIME = Duration.ofHours(24);

  private final SplittableRandom random = new SplittableRandom(4);
  private final Contact self = Fixtures.contact(random);
  private final Contact asker = Fixtures.contact(random);
  private final Bytes key = Fixtures.key(random);
  private final Map<PeerId, Contact> known = new HashMap<>();
  private final RoutingTable table = new RoutingTable(self.id(), RoutingTable.Limits.of(20));
  private final MemoryDatastore store = new MemoryDatastore();
  private Responder responder;

  @BeforeEach
  void start() throws IOException {
    responder = responder(new ProviderStore.Limits(100, 3, 10, LIFETIME));
    known.put(self.id(), self);
    for (int i = 0; i < 50; i++) {
      table.offer(Fixtures.contact(random), NOW);
    }
  }

  @Test
  void findNode_namesKPeersButNotTheAsker() throws Exception {
    table.offer(asker, NOW);
    KadResponse answer = ask(new KadRequest.FindNode(asker.id().multihash()));
    assertThat(answer.closer()).hasSize(20).doesNotContain(asker);
  }

  @Test
  void pitfall21_findNodeIncludesTheVeryTargetAlsoItself() throws Exception {
    assertThat(ask(new KadRequest.FindNode(self.id().multihash())).closer()).startsWith(self);
  }

  @Test
  void pitfall21_findNodeIncludesAConnectedClientThatIsNotInTheTable() throws Exception {
    Contact client = Fixtures.contact(random);
    known.put(client.id(), client);
    assertThat(ask(new KadRequest.FindNode(client.id().multihash())).closer()).startsWith(client);
    assertThat(table.contacts()).doesNotContain(client);
  }

  @Test
  void pitfall20_addProviderKeepsOnlyTheSenderWithAnAddress() throws Exception {
    Contact other = Fixtures.contact(random);
    Contact nowhere = new Contact(asker.id(), List.of());
    assertThat(respond(new KadRequest.AddProvider(key, List.of(other, nowhere)))).isEmpty();
    assertThat(ask(new KadRequest.GetProviders(key)).providers()).isEmpty();
    respond(new KadRequest.AddProvider(key, List.of(other, asker)));
    assertThat(ask(new KadRequest.GetProviders(key)).providers()).containsExactly(asker);
  }

  @Test
  void pitfall20_aProviderKeyMayBeAMultihashButNoLongerThan80Bytes() {
    assertThatThrownBy(() -> new KadRequest.AddProvider(Bytes.wrap(new byte[81]), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void providers_expireAndSurviveARestart() throws Exception {
    respond(new KadRequest.AddProvider(key, List.of(asker)));
    responder = responder(ProviderStore.Limits.of(LIFETIME));
    assertThat(ask(new KadRequest.GetProviders(key)).providers()).containsExactly(asker);
    Instant later = NOW.plus(LIFETIME);
    Optional<KadResponse> expired =
        responder.respond(asker.id(), new KadRequest.GetProviders(key), later);
    assertThat(expired.orElseThrow().providers()).isEmpty();
  }

  @Test
  void providers_areBoundedByKeyAndByPeer() throws Exception {
    for (int i = 0; i < 5; i++) {
      Contact provider = Fixtures.contact(random);
      responder.respond(provider.id(), new KadRequest.AddProvider(key, List.of(provider)), NOW);
    }
    assertThat(ask(new KadRequest.GetProviders(key)).providers()).hasSize(3);
    for (int i = 0; i < 15; i++) {
      respond(new KadRequest.AddProvider(Fixtures.key(random), List.of(asker)));
    }
    ProviderStore reopened = new ProviderStore(store, ProviderStore.Limits.of(LIFETIME));
    assertThat(reopened.size()).isEqualTo(3 + 10);
    assertThat(reopened.sweep(NOW.plus(LIFETIME))).isEqualTo(13);
    assertThat(reopened.size()).isZero();
  }

  @Test
  void pitfall20_putValueEchoesTheRequest() throws Exception {
    ValueRecord record = publicKey();
    assertThat(ask(new KadRequest.PutValue(record)).record()).contains(record);
    Optional<ValueRecord> got = ask(new KadRequest.GetValue(record.key())).record();
    assertThat(got.orElseThrow().value()).isEqualTo(record.value());
    assertThat(got.orElseThrow().received()).contains(NOW);
  }

  @Test
  void pitfall21_anUnknownNamespaceIsRefused() {
    Bytes strange = Bytes.wrap("/strange/key".getBytes(StandardCharsets.US_ASCII));
    ValueRecord record = new ValueRecord(strange, Bytes.of(1), Optional.empty());
    assertThatThrownBy(() -> respond(new KadRequest.PutValue(record)))
        .isInstanceOf(ProtocolViolationException.class);
  }

  @Test
  void pitfall21_aPublicKeyMustBeTheOneThatTheKeyNames() {
    ValueRecord right = publicKey();
    ValueRecord wrong = new ValueRecord(right.key(), Bytes.of(9, 9), Optional.empty());
    assertThatThrownBy(() -> respond(new KadRequest.PutValue(wrong)))
        .isInstanceOf(ProtocolViolationException.class);
  }

  @Test
  void values_expireAfterTwoDays() throws Exception {
    ValueRecord record = publicKey();
    respond(new KadRequest.PutValue(record));
    Optional<KadResponse> later =
        responder.respond(
            asker.id(), new KadRequest.GetValue(record.key()), NOW.plus(Duration.ofDays(2)));
    assertThat(later.orElseThrow().record()).isEmpty();
  }

  @Test
  void values_theBetterOneStaysAndTheSenderIsToldNothingElse() throws Exception {
    Bytes counter = Bytes.wrap("/counter/x".getBytes(StandardCharsets.US_ASCII));
    respond(new KadRequest.PutValue(new ValueRecord(counter, Bytes.of(5), Optional.empty())));
    respond(new KadRequest.PutValue(new ValueRecord(counter, Bytes.of(3), Optional.empty())));
    ValueRecord kept = ask(new KadRequest.GetValue(counter)).record().orElseThrow();
    assertThat(kept.value()).isEqualTo(Bytes.of(5));
  }

  private ValueRecord publicKey() {
    Bytes encoded = Bytes.concatenate(Bytes.of(8, 1, 18, 32), Bytes.wrap(new byte[32]));
    Bytes id = Bytes.concatenate(Bytes.of(0, encoded.size()), encoded);
    Bytes place = Bytes.concatenate(Bytes.wrap("/pk/".getBytes(StandardCharsets.US_ASCII)), id);
    return new ValueRecord(place, encoded, Optional.empty());
  }

  private Responder responder(ProviderStore.Limits limits) throws IOException {
    Validators validators = new Validators(Map.of("counter", new CounterValidator()));
    return new Responder(
        self.id(),
        20,
        table::closest,
        peer -> Optional.ofNullable(known.get(peer)),
        new ProviderStore(store, limits),
        new ValueStore(store, validators, ValueStore.Limits.DEFAULT));
  }

  private Optional<KadResponse> respond(KadRequest request) throws IOException {
    return responder.respond(asker.id(), request, NOW);
  }

  private KadResponse ask(KadRequest request) throws IOException {
    return respond(request).orElseThrow();
  }
}
