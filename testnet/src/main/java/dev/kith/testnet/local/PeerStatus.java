package dev.kith.testnet.local;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A peer of a testnet as it is now.
 *
 * @param peer its number, from 1
 * @param pid of its daemon
 * @param alive whether the daemon serves
 * @param addrs where other peers reach it, with {@code /p2p}
 * @param api the base of its HTTP API
 * @param committee whether it keeps the ledger with others
 */
public record PeerStatus(
    int peer,
    Path home,
    OptionalLong pid,
    boolean alive,
    String peerId,
    List<Multiaddr> addrs,
    Optional<String> api,
    boolean committee) {
  public PeerStatus {
    addrs = List.copyOf(addrs);
  }

  /** As docs/cli.md promises it. */
  public ObjectNode json() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("peer", peer);
    json.put("home", home.toString());
    pid.ifPresentOrElse(p -> json.put("pid", p), () -> json.putNull("pid"));
    json.put("alive", alive);
    json.put("peerId", peerId);
    ArrayNode addresses = json.putArray("addrs");
    addrs.forEach(a -> addresses.add(a.toString()));
    api.ifPresentOrElse(a -> json.put("api", a), () -> json.putNull("api"));
    json.put("committee", committee);
    return json;
  }
}
