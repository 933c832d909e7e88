package dev.kith.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryAddressBookTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private Instant now = Instant.EPOCH;
  private final MemoryAddressBook book = new MemoryAddressBook(() -> now, 16);

  private static PeerId peer(int seed) {
    return Keys.fromSeed(KeyType.ED25519, seed).publicKey().peerId();
  }

  private static Multiaddr address(int port) {
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
        .hasSize(MemoryAddressBook.ADDRESSES_MAX)
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
}
