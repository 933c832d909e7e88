package dev.kith.cli;

import dev.kith.dht.kad.Contact;
import dev.kith.dht.kad.Kademlia;
import dev.kith.libp2p.host.Host;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for who has content, in any Kademlia DHT. */
@Command(name = "find-providers", description = "Ask a DHT who provides content.")
final class Libp2pFindProvidersCommand extends KithCommand {
  private static final int COUNT_MAX = 1_000;

  @Mixin private Libp2pHost options = new Libp2pHost();
  @Mixin private Libp2pKad dht = new Libp2pKad();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "20",
      description = "It stops when it has so many (default: ${DEFAULT-VALUE}).")
  private int count;

  @Parameters(index = "0", paramLabel = "CID", description = "Of the content.")
  private String cid = "";

  @Parameters(
      index = "1",
      paramLabel = "MULTIADDR",
      description = "A peer that serves the DHT, with its /p2p/PEER.")
  private String address = "";

  Libp2pFindProvidersCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (count < 1 || count > COUNT_MAX) {
      throw new NodeException(Problem.BAD_REQUEST, "--count: 1 to " + COUNT_MAX);
    }
    Bytes key = Libp2pKad.key(cid);
    List<Contact> providers;
    try (Host host = options.start(List.of());
        Kademlia kad = dht.join(host, address)) {
      providers = kad.findProviders(key, count, dht.timeout());
    }
    if (providers.isEmpty()) {
      throw new NodeException(Problem.NOT_FOUND, "the DHT knows nobody who provides " + cid);
    }
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("cid", cid)
              .with("providers", providers.stream().map(this::describe).toList()));
      return ExitCode.OK;
    }
    for (Contact provider : providers) {
      List<String> addresses = Libp2pKad.addresses(provider);
      cli.out().println(addresses.isEmpty() ? provider.id() : String.join("\n", addresses));
    }
    return ExitCode.OK;
  }

  private JsonText describe(Contact provider) {
    return JsonText.object()
        .with("peerId", provider.id().toString())
        .with("addrs", Libp2pKad.addresses(provider));
  }
}
