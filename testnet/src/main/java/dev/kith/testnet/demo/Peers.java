package dev.kith.testnet.demo;

import dev.kith.testnet.local.PeerStatus;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The demo's peers by number, for people, and by id, for what the ledger says. */
final class Peers {
  private final Testnet testnet;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  Peers(Testnet testnet) throws IOException {
    this.testnet = testnet;
    for (PeerStatus peer : testnet.status()) {
      numbers.put(peer.peerId(), peer.peer());
    }
  }

  Path home(int peer) {
    return testnet.home(peer);
  }

  Testnet testnet() {
    return testnet;
  }

  Collection<Integer> all() {
    return numbers.values();
  }

  Optional<Integer> number(String peerId) {
    return Optional.ofNullable(numbers.get(peerId));
  }

  String name(String peerId) {
    return number(peerId).map(n -> "peer-" + n).orElse(peerId);
  }

  /** Names for a list of ids, such as {@code peer-1 peer-4 peer-5}. */
  String names(JsonNode ids) {
    return StreamSupport.stream(ids.spliterator(), false)
        .map(id -> name(id.asString()))
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
