package dev.kith.dht.kad;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/**
 * Decides what a server answers. It reads and writes the stores, and knows nothing of streams.
 * Thread-safe as far as what it is given is.
 */
final class Responder {
  private final PeerId self;
  private final int k;
  private final Neighbours neighbours;
  private final Function<PeerId, Optional<Contact>> addressOf;
  private final ProviderStore providers;
  private final ValueStore values;

  /** The routing table, behind whatever guards it. */
  @FunctionalInterface
  interface Neighbours {
    List<Contact> closest(KeyHash target, int count);
  }

  /**
   * @param addressOf what is known of a peer, this one included, also of those that serve nothing
   */
  Responder(
      PeerId self,
      int k,
      Neighbours neighbours,
      Function<PeerId, Optional<Contact>> addressOf,
      ProviderStore providers,
      ValueStore values) {
    this.self = self;
    this.k = k;
    this.neighbours = neighbours;
    this.addressOf = addressOf;
    this.providers = providers;
    this.values = values;
  }

  /**
   * @return empty for ADD_PROVIDER, which the protocol leaves unanswered
   * @throws ProtocolViolationException when the stream should be reset: a value that its namespace
   *     refuses
   */
  Optional<KadResponse> respond(PeerId from, KadRequest request, Instant now) throws IOException {
    return switch (request) {
      case KadRequest.FindNode(Bytes key) -> Optional.of(findNode(from, key));
      case KadRequest.GetProviders(Bytes key) ->
          Optional.of(KadResponse.providers(key, providers.of(key, now), closer(from, key)));
      case KadRequest.GetValue(Bytes key) ->
          Optional.of(KadResponse.value(key, values.get(key, now), closer(from, key)));
      case KadRequest.PutValue(ValueRecord record) -> Optional.of(putValue(record, now));
      case KadRequest.AddProvider(Bytes key, List<Contact> named) -> {
        addProvider(from, key, named, now);
        yield Optional.empty();
      }
      case KadRequest.Ping() -> Optional.of(KadResponse.pong());
    };
  }

  /**
   * The nearest servers, and ahead of them the very peer that is looked for where its address is
   * known: also this peer itself (go-libp2p probes so whether a server lives) and clients, which
   * are never in the routing table but may be looked for.
   */
  private KadResponse findNode(PeerId from, Bytes key) {
    List<Contact> found = new ArrayList<>(closer(from, key));
    boolean listed = found.stream().anyMatch(c -> c.id().multihash().equals(key));
    if (!listed && !from.multihash().equals(key)) {
      peerId(key).flatMap(addressOf).ifPresent(found::addFirst);
    }
    return KadResponse.closer(MessageType.FIND_NODE, key, found);
  }

  private static Optional<PeerId> peerId(Bytes key) {
    try {
      return Optional.of(PeerId.fromBytes(key));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private KadResponse putValue(ValueRecord record, Instant now) throws IOException {
    return switch (values.put(record.key(), record.value(), now)) {
      case STORED, KEPT_OLD -> KadResponse.stored(record);
      case INVALID -> throw new ProtocolViolationException("a value that its namespace refuses");
      case FULL -> throw new IOException("no room for further values");
    };
  }

  /** Nobody can announce for others: what does not name the sender is left out. */
  private void addProvider(PeerId from, Bytes key, List<Contact> named, Instant now)
      throws IOException {
    for (Contact provider : named) {
      if (provider.id().equals(from) && !provider.addresses().isEmpty()) {
        providers.add(key, provider, now);
        return;
      }
    }
  }

  private List<Contact> closer(PeerId from, Bytes key) {
    return neighbours.closest(KeyHash.of(key), k + 1).stream()
        .filter(c -> !c.id().equals(from) && !c.id().equals(self))
        .limit(k)
        .toList();
  }
}
