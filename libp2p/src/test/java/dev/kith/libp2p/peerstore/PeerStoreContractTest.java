package dev.kith.libp2p.peerstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PeerStore} promises; each implementation has a subclass. */
abstract class PeerStoreContractTest {
  private static final Duration HOUR = Duration.ofHours(1);

  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private PeerStore book = new MemoryPeerStore(InstantSource.system());

  /** A store of 16 peers by the clock {@link #now}; asked for once in each test. */
  abstract PeerStore open() throws IOException;

  /** As it is after a restart, or the same one where it forgets. */
  abstract PeerStore reopen(PeerStore store) throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    book = open();
  }

  static PeerId peer(int seed) {
    return Keys.fromSeed(KeyType.ED25519, seed).publicKey().peerId();
  }

  static Multiaddr address(int port) {
    return Multiaddr.parse("/ip4/1.2.3.4/tcp/" + port);
  }

  @Test
  void addresses_comeMostRecentlyConfirmedFirst() {
    book.add(peer(1), List.of(address(1)), HOUR);
    book.add(peer(1), List.of(address(2)), HOUR);
    assertThat(book.addresses(peer(1))).containsExactly(address(2), address(1));
    book.add(peer(1), List.of(address(1).withPeer(peer(1))), HOUR);
    assertThat(book.addresses(peer(1))).containsExactly(address(1), address(2));
  }

  @Test
  void addresses_expireAndAShorterTimeDoesNotShorten() {
    book.add(peer(1), List.of(address(1)), HOUR);
    book.add(peer(1), List.of(address(1)), Duration.ofSeconds(1));
    book.add(peer(1), List.of(address(2)), Duration.ofSeconds(1));
    now = now.plusSeconds(60);
    assertThat(book.addresses(peer(1))).containsExactly(address(1));
    now = now.plus(HOUR);
    assertThat(book.addresses(peer(1))).isEmpty();
    assertThat(book.peers()).isEmpty();
  }

  @Test
  void addressesOfOnePeer_areBounded() {
    IntStream.range(1, 100).forEach(port -> book.add(peer(1), List.of(address(port)), HOUR));
    assertThat(book.addresses(peer(1)))
        .hasSize(MemoryPeerStore.ADDRESSES_MAX)
        .contains(address(99))
        .doesNotContain(address(1));
  }

  @Test
  void peers_areBoundedAndTheEarliestToExpireGoes() {
    for (int i = 0; i < 40; i++) {
      book.add(peer(i), List.of(address(1)), HOUR.plusSeconds(i));
    }
    assertThat(book.peers()).hasSize(16).contains(peer(39)).doesNotContain(peer(0));
  }

  @Test
  void nothing_isAddedWithoutTime() {
    book.add(peer(1), List.of(address(1)), Duration.ZERO);
    book.add(peer(1), List.of(), HOUR);
    assertThat(book.peers()).isEmpty();
  }

  private static PeerRecord record(int seed, long sequence, int... ports) {
    return new PeerRecord(
        peer(seed), sequence, IntStream.of(ports).mapToObj(port -> address(port)).toList());
  }

  private boolean certify(PeerRecord record, int seed) {
    Bytes envelope = record.sign(Keys.fromSeed(KeyType.ED25519, seed));
    return book.certify(record, record.addresses(), envelope, HOUR);
  }

  @Test
  void signedAddresses_comeFirstAndOnlyTheHighestNumberCounts() throws IOException {
    book.add(peer(1), List.of(address(1)), HOUR);
    assertThat(certify(record(1, 7, 2), 1)).isTrue();
    book.add(peer(1), List.of(address(3)), HOUR);
    assertThat(book.addresses(peer(1))).containsExactly(address(2), address(3), address(1));
    assertThat(certify(record(1, 6, 9), 1)).isFalse();
    assertThat(book.addresses(peer(1))).doesNotContain(address(9));
    assertThat(certify(record(1, -1, 4), 1)).as("numbers are unsigned").isTrue();
    assertThat(certify(record(1, 8, 9), 1)).isFalse();
    assertThat(book.addresses(peer(1))).startsWith(address(4));
    book = reopen(book);
    assertThat(book.addresses(peer(1))).startsWith(address(4));
    assertThat(certify(record(1, 8, 9), 1)).as("after a restart").isFalse();
    assertThat(PeerRecord.open(book.signedRecord(peer(1)).orElseThrow()).addresses())
        .containsExactly(address(4));
  }

  @Test
  void hearsay_isWhatNobodyAdded() throws IOException {
    book.hear(peer(1), List.of(address(1), address(2)), HOUR);
    book.add(peer(1), List.of(address(2), address(3)), HOUR);
    book.hear(peer(1), List.of(address(3)), HOUR);
    certify(record(1, 1, 3, 4), 1);
    for (int restart = 0; restart < 2; restart++) {
      assertThat(book.addresses(peer(1)))
          .filteredOn(address -> book.hearsay(peer(1), address))
          .containsExactlyInAnyOrder(address(1), address(4));
      book = reopen(book);
    }
  }

  @Test
  void whatGoesWithAddresses_isKeptForAsLongAsTheyLive() throws IOException {
    book.setProtocols(peer(1), List.of("/unknown"));
    assertThat(book.protocols(peer(1))).isEmpty();
    book.add(peer(1), List.of(address(1)), HOUR);
    book.setProtocols(peer(1), List.of("/a", "/b"));
    book.setMetadata(peer(1), "latency", Bytes.of(1, 2));
    book.setMetadata(peer(1), "gone", Bytes.of(1));
    book.setMetadata(peer(1), "gone", Bytes.EMPTY);
    book = reopen(book);
    assertThat(book.protocols(peer(1))).containsExactly("/a", "/b");
    assertThat(book.metadata(peer(1), "latency")).contains(Bytes.of(1, 2));
    assertThat(book.metadata(peer(1), "gone")).isEmpty();
    assertThat(book.key(peer(1))).as("it stands in the id").isPresent();
    now = now.plus(HOUR).plusSeconds(1);
    assertThat(book.protocols(peer(1))).isEmpty();
    assertThat(book.metadata(peer(1), "latency")).isEmpty();
    assertThat(book.addresses(peer(1))).isEmpty();
  }

  @Test
  void metadata_isBounded() {
    book.add(peer(1), List.of(address(1)), HOUR);
    IntStream.range(0, 100).forEach(i -> book.setMetadata(peer(1), "m" + i, Bytes.of(1)));
    assertThat(
            IntStream.range(0, 100)
                .filter(i -> book.metadata(peer(1), "m" + i).isPresent())
                .count())
        .isEqualTo(PeerEntry.METADATA_MAX);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.setMetadata(peer(1), "long", Bytes.wrap(new byte[1_025])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> book.setMetadata(peer(1), "x".repeat(65), Bytes.of(1)));
  }

  @Test
  void addressesOfConnectedPeers_doNotExpire() {
    book.add(peer(1), List.of(address(1)), HOUR);
    book.connected(peer(1));
    now = now.plus(HOUR.multipliedBy(5));
    assertThat(book.addresses(peer(1))).containsExactly(address(1));
    book.disconnected(peer(1));
    now = now.plus(HOUR.dividedBy(2));
    assertThat(book.addresses(peer(1))).containsExactly(address(1));
    now = now.plus(HOUR);
    assertThat(book.addresses(peer(1))).isEmpty();
  }

  @Test
  void forget_dropsAll() throws IOException {
    book.add(peer(1), List.of(address(1)), HOUR);
    book = reopen(book);
    book.forget(peer(1));
    book = reopen(book);
    assertThat(book.peers()).isEmpty();
  }

  @Test
  void everything_isBoundedUnderRandomChanges() throws IOException {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      int who = random.nextInt(60);
      switch (random.nextInt(6)) {
        case 0, 1 ->
            book.add(
                peer(who),
                List.of(address(1 + random.nextInt(1_000))),
                Duration.ofSeconds(random.nextInt(7_200)));
        case 2 -> certify(record(who, random.nextLong(), 1 + random.nextInt(1_000)), who);
        case 3 -> book.disconnected(peer(who));
        case 4 -> book.setProtocols(peer(who), List.of("/p" + random.nextInt(10)));
        default -> now = now.plusSeconds(random.nextInt(60));
      }
      assertThat(book.peers()).as("step %d", i).hasSizeLessThanOrEqualTo(16);
    }
    Map<PeerId, List<Multiaddr>> before = new HashMap<>();
    book.peers().forEach(peer -> before.put(peer, book.addresses(peer)));
    book = reopen(book);
    assertThat(book.peers()).isEqualTo(before.keySet());
    before.forEach(
        (peer, addresses) ->
            assertThat(book.addresses(peer)).containsExactlyInAnyOrderElementsOf(addresses));
  }
}
