package dev.kith.cli;

import dev.kith.dht.kad.Contact;
import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Cid;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Option;

/** The options of a client of a Kademlia DHT, and how it joins through one peer. */
final class Libp2pKad {
  @Option(
      names = "--kad",
      paramLabel = "PROTOCOL",
      defaultValue = KademliaConfig.IPFS,
      description = "The DHT's protocol id (default: ${DEFAULT-VALUE}).")
  private String protocol = "";

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For the dial, for joining, and for the answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  Duration timeout() {
    return timeout;
  }

  /** Joins as a client; the caller closes it before the host. */
  Kademlia join(Host host, String address) throws IOException, InterruptedException {
    KademliaConfig config;
    try {
      config = KademliaConfig.server(protocol).withMode(KademliaConfig.Mode.CLIENT);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--kad: " + e.getMessage(), e);
    }
    Libp2pHost.dial(host, address, timeout);
    Kademlia kad = Kademlia.start(host, config, new MemoryDatastore(), Clock.systemUTC());
    try {
      kad.bootstrap(List.of(Multiaddr.parse(address)), timeout);
    } catch (IOException e) {
      kad.close();
      throw new NodeException(
          Problem.NO_PEERS, "the peer serves no DHT " + protocol + ": " + e.getMessage(), e);
    }
    return kad;
  }

  /** What a DHT knows content by. */
  static Bytes key(String cid) throws NodeException {
    try {
      return Cid.parse(cid).multihash();
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "no CID: " + Printable.of(cid), e);
    }
  }

  static List<String> addresses(Contact peer) {
    return addresses(peer.addresses(), peer.id().toString());
  }

  /** Each with the peer's id. */
  static List<String> addresses(List<Multiaddr> addresses, String peer) {
    return addresses.stream().map(address -> address.withoutPeer() + "/p2p/" + peer).toList();
  }
}
