package dev.kith.dht.kad;

import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;

/** The machines of one peer, wired to the simulated network as the driver wires them to streams. */
class SimulatedPeer {
  static final int K = 20;
  static final Lookup.Limits LOOKUP =
      new Lookup.Limits(
          K, 10, 1024, 256, Duration.ofMillis(1250), SimulatedNetwork.REQUEST_TIMEOUT);
  private static final Duration REFRESH = Duration.ofMinutes(3);

  final Contact contact;
  final RoutingTable table;
  private final SimulatedNetwork network;
  private final Responder responder;

  SimulatedPeer(SimulatedNetwork network, Contact contact) {
    this.network = network;
    this.contact = contact;
    this.table = new RoutingTable(contact.id(), RoutingTable.Limits.of(K));
    MemoryDatastore store = new MemoryDatastore();
    try {
      this.responder =
          new Responder(
              contact.id(),
              K,
              table::closest,
              peer -> Optional.empty(),
              new ProviderStore(store, ProviderStore.Limits.of(Duration.ofDays(2))),
              new ValueStore(store, new Validators(Map.of()), ValueStore.Limits.DEFAULT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PeerId id() {
    return contact.id();
  }

  private boolean dead() {
    return !network.alive.containsKey(id()); // ids are never used again
  }

  /** Refreshes begin at different times, as they do in life. */
  void start() {
    network.after(Duration.ofMillis(network.random.nextLong(REFRESH.toMillis())), this::refresh);
  }

  void bootstrap(Contact other) {
    network.request(
        this,
        other,
        new KadRequest.FindNode(id().multihash()),
        answer -> {
          if (dead()) {
            return;
          }
          if (answer.isPresent()) {
            offer(other);
            closest(id().multihash(), found -> {});
          } else {
            bootstrap(network.any().contact);
          }
        });
  }

  private void refresh() {
    if (dead()) {
      return;
    }
    network.after(REFRESH, this::refresh);
    table.silentSince(network.now().minus(REFRESH)).forEach(this::probe);
    if (table.size() == 0) {
      bootstrap(network.any().contact);
    }
    closest(id().multihash(), found -> {});
    closest(Fixtures.key(network.random), found -> {});
  }

  /** Empty where the protocol gives no answer, or the peer refuses one. */
  Optional<byte[]> serve(Contact from, byte[] bytes) {
    offer(from); // it introduced itself when it connected
    try {
      KadRequest request = KadCodec.readRequest(new ByteArrayInputStream(bytes)).orElseThrow();
      return respond(from.id(), request).map(KadCodec::encode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<KadResponse> respond(PeerId from, KadRequest request) throws IOException {
    return responder.respond(from, request, network.now());
  }

  void offer(Contact other) {
    switch (table.offer(other, network.now())) {
      case RoutingTable.Offer.Probe(Contact oldest) -> probe(oldest);
      case RoutingTable.Offer.Seated(),
          RoutingTable.Offer.Waits(),
          RoutingTable.Offer.Refused() -> {}
    }
  }

  private void probe(Contact other) {
    network.request(
        this,
        other,
        new KadRequest.Ping(),
        answer -> {
          if (answer.isPresent()) {
            table.alive(other.id(), network.now());
          } else {
            table.failed(other.id(), network.now());
          }
        });
  }

  void closest(Bytes key, Consumer<Lookup.Finish> whenDone) {
    lookup(key, new KadRequest.FindNode(key), (from, response) -> true, whenDone);
  }

  /** Looks up the nearest peers and announces to them. */
  void provide(Bytes key) {
    closest(
        key,
        found -> {
          KadRequest announce = new KadRequest.AddProvider(key, List.of(contact));
          found.closest().forEach(c -> network.request(this, c, announce, none -> {}));
        });
  }

  void lookup(
      Bytes key,
      KadRequest request,
      BiPredicate<Contact, KadResponse> visitor,
      Consumer<Lookup.Finish> whenDone) {
    KeyHash target = KeyHash.of(key);
    Lookup lookup = new Lookup(target, id(), table.closest(target, K), LOOKUP);
    new Run(lookup, request, visitor, whenDone).act(lookup.start(network.now()));
  }

  private final class Run {
    private final Lookup lookup;
    private final KadRequest request;
    private final BiPredicate<Contact, KadResponse> visitor;
    private final Consumer<Lookup.Finish> whenDone;

    Run(
        Lookup lookup,
        KadRequest request,
        BiPredicate<Contact, KadResponse> visitor,
        Consumer<Lookup.Finish> whenDone) {
      this.lookup = lookup;
      this.request = request;
      this.visitor = visitor;
      this.whenDone = whenDone;
    }

    void act(List<Lookup.Decision> decisions) {
      for (Lookup.Decision decision : decisions) {
        switch (decision) {
          case Lookup.Ask(Contact peer) ->
              network.request(SimulatedPeer.this, peer, request, answer -> done(peer, answer));
          case Lookup.Finish finish -> whenDone.accept(finish);
        }
      }
      lookup
          .wakeAt(network.now())
          .filter(at -> !decisions.isEmpty())
          .ifPresent(
              at ->
                  network.after(
                      Duration.between(network.now(), at), () -> act(lookup.tick(network.now()))));
    }

    private void done(Contact peer, Optional<KadResponse> answer) {
      if (dead()) {
        return;
      }
      if (answer.isEmpty()) {
        table.failed(peer.id(), network.now());
        act(lookup.failed(peer.id(), network.now()));
        return;
      }
      offer(peer);
      KadResponse response = answer.get();
      boolean goOn = visitor.test(peer, response);
      act(goOn ? lookup.answered(peer.id(), response.closer(), network.now()) : lookup.stop());
    }
  }
}
