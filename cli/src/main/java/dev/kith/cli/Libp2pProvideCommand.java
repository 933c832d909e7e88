package dev.kith.cli;

import dev.kith.dht.kad.Kademlia;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Announces content in any Kademlia DHT. */
@Command(
    name = "provide",
    description = "Tell a DHT that this peer provides content. Peers that are told remember it.")
final class Libp2pProvideCommand extends KithCommand {
  @Mixin private Libp2pHost options = new Libp2pHost();
  @Mixin private Libp2pKad dht = new Libp2pKad();

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      defaultValue = "/ip4/127.0.0.1/tcp/0",
      description = "What is announced; may be repeated (default: ${DEFAULT-VALUE}).")
  private List<String> listen = List.of();

  @Option(
      names = "--stay",
      description = "Go on until it is stopped, so that those who find this peer can dial it.")
  private boolean stay;

  @Parameters(index = "0", paramLabel = "CID", description = "Of the content.")
  private String cid = "";

  @Parameters(
      index = "1",
      paramLabel = "MULTIADDR",
      description = "A peer that serves the DHT, with its /p2p/PEER.")
  private String address = "";

  Libp2pProvideCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Bytes key = Libp2pKad.key(cid);
    try (Host host = options.start(Libp2pHost.addresses(listen));
        Kademlia kad = dht.join(host, address)) {
      int told = provide(kad, key);
      if (told == 0) {
        throw new NodeException(Problem.NO_PEERS, "no peer took it");
      }
      // What was told is not answered; a peer that answers a later ping has it.
      Libp2pHost.settle(host, dht.timeout());
      print(host, told);
      if (stay) {
        Libp2pHost.awaitSignal(host);
      }
    }
    return ExitCode.OK;
  }

  private int provide(Kademlia kad, Bytes key) throws IOException, InterruptedException {
    try {
      return kad.provide(key, dht.timeout());
    } catch (NodeException e) {
      throw e;
    } catch (IOException e) {
      throw Libp2pHost.unreachable(e);
    }
  }

  private void print(Host host, int told) {
    List<Multiaddr> addresses = host.listenAddresses();
    List<String> own = Libp2pKad.addresses(addresses, host.id().toString());
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("cid", cid)
              .with("peerId", host.id().toString())
              .with("addrs", own)
              .with("told", told));
    } else {
      own.forEach(cli.out()::println);
      cli.out().println("told " + Counted.of(told, "peer"));
    }
    cli.out().flush();
  }
}
