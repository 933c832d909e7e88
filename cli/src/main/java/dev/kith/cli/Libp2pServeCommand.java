package dev.kith.cli;

import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.perf.Perf;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a bare host until it is stopped. */
@Command(
    name = "serve",
    description = {
      "Serve identify, ping, echo and perf, and a DHT where asked, under a new key and outside of",
      "any realm. Prints its addresses, one a line, then \"ready\", and runs until it is stopped."
    })
final class Libp2pServeCommand extends KithCommand {
  /** What js-libp2p's echo calls itself. */
  private static final String ECHO = "/echo/1.0.0";

  @Mixin private Libp2pHost options = new Libp2pHost();

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      defaultValue = "/ip4/127.0.0.1/tcp/0",
      description = "Where to listen; may be repeated (default: ${DEFAULT-VALUE}).")
  private List<String> listen = List.of();

  @Option(
      names = "--kad",
      paramLabel = "PROTOCOL",
      description = "Serve a Kademlia DHT under this protocol id, as /ipfs/kad/1.0.0.")
  private @Nullable String kad;

  Libp2pServeCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Optional<KademliaConfig> dht = dht(kad);
    try (Host host = options.start(addresses(listen))) {
      host.serve(
          ECHO, StreamHandler.streaming(stream -> stream.input().transferTo(stream.output())));
      host.serve(Perf.PROTOCOL, StreamHandler.streaming(Perf::serve));
      if (dht.isPresent()) {
        Kademlia.start(host, dht.get(), new MemoryDatastore(), Clock.systemUTC());
      }
      announce(host);
      awaitSignal(host);
    }
    return ExitCode.OK;
  }

  private static List<Multiaddr> addresses(List<String> texts) throws NodeException {
    try {
      return texts.stream().map(Multiaddr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--listen: " + e.getMessage(), e);
    }
  }

  private static Optional<KademliaConfig> dht(@Nullable String protocol) throws NodeException {
    try {
      return Optional.ofNullable(protocol).map(KademliaConfig::server);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--kad: " + e.getMessage(), e);
    }
  }

  private void announce(Host host) throws IOException {
    List<String> addresses =
        host.listenAddresses().stream().map(a -> a.withPeer(host.id()).toString()).toList();
    if (cli.json()) {
      cli.printJson(
          JsonText.object().with("peerId", host.id().toString()).with("addrs", addresses));
      return;
    }
    addresses.forEach(cli.out()::println);
    cli.out().println("ready");
    cli.out().flush();
  }

  /** Blocks until SIGTERM or SIGINT, and then closes the host in an orderly way. */
  private static void awaitSignal(Host host) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(host::close));
    new CountDownLatch(1).await();
  }
}
