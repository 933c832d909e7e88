package dev.kith.cli;

import dev.kith.dht.kad.Kademlia;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks for a peer in any Kademlia DHT. */
@Command(name = "find-peer", description = "Ask a DHT where a peer is.")
final class Libp2pFindPeerCommand extends KithCommand {
  @Mixin private Libp2pHost options = new Libp2pHost();
  @Mixin private Libp2pKad dht = new Libp2pKad();

  @Parameters(index = "0", paramLabel = "PEERID", description = "Who is looked for.")
  private String wanted = "";

  @Parameters(
      index = "1",
      paramLabel = "MULTIADDR",
      description = "A peer that serves the DHT, with its /p2p/PEER.")
  private String address = "";

  Libp2pFindPeerCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    PeerId peer;
    try {
      peer = PeerId.parse(wanted);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "no peer id: " + Printable.of(wanted), e);
    }
    List<Multiaddr> found;
    try (Host host = options.start(List.of());
        Kademlia kad = dht.join(host, address)) {
      found = kad.findPeer(peer, dht.timeout());
    }
    if (found.isEmpty()) {
      throw new NodeException(Problem.NOT_FOUND, "the DHT does not know " + peer);
    }
    List<String> addresses = Libp2pKad.addresses(found, peer.toString());
    if (cli.json()) {
      cli.printJson(JsonText.object().with("peerId", peer.toString()).with("addrs", addresses));
    } else {
      addresses.forEach(cli.out()::println);
    }
    return ExitCode.OK;
  }
}
