package dev.kith.cli;

import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs bare libp2p hosts: for checks against other implementations. */
@Command(name = "libp2p", description = "Run a bare libp2p host, to check Kith against others.")
final class Libp2pCommand extends KithCommand {
  /** What js-libp2p's echo calls itself. */
  private static final String ECHO = "/echo/1.0.0";

  Libp2pCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    throw new NodeException(Problem.BAD_REQUEST, "libp2p what? see kith libp2p --help");
  }

  /** The names of keys as the command line takes them. */
  enum Key {
    secp256k1(KeyType.SECP256K1),
    ed25519(KeyType.ED25519);

    private final KeyType type;

    Key(KeyType type) {
      this.type = type;
    }
  }

  @Command(
      name = "serve",
      description = {
        "Serve identify, ping and echo, and a DHT where asked, under a new key and outside of any",
        "realm. Prints its addresses, one a line, then \"ready\", and runs until it is stopped."
      })
  int serve(
      @Option(
              names = "--listen",
              paramLabel = "MULTIADDR",
              defaultValue = "/ip4/127.0.0.1/tcp/0",
              description = "Where to listen; may be repeated (default: ${DEFAULT-VALUE}).")
          List<String> listen,
      @Option(
              names = "--key",
              paramLabel = "TYPE",
              defaultValue = "secp256k1",
              description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
          Key key,
      @Option(
              names = "--kad",
              paramLabel = "PROTOCOL",
              description = "Serve a Kademlia DHT under this protocol id, as /ipfs/kad/1.0.0.")
          @Nullable String kad)
      throws IOException, InterruptedException {
    Optional<KademliaConfig> dht = dht(kad);
    try (Host host = start(addresses(listen), key)) {
      host.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
      if (dht.isPresent()) {
        Kademlia.start(host, dht.get(), new MemoryDatastore(), Clock.systemUTC());
      }
      announce(host);
      awaitSignal(host);
    }
    return ExitCode.OK.code();
  }

  private static List<Multiaddr> addresses(List<String> texts) throws NodeException {
    try {
      return texts.stream().map(Multiaddr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--listen: " + e.getMessage(), e);
    }
  }

  private static Host start(List<Multiaddr> listen, Key key)
      throws IOException, InterruptedException {
    try {
      return new HostBuilder(Keys.generate(key.type, new SecureRandom())).listen(listen).start();
    } catch (BindException e) {
      throw new NodeException(Problem.PORT_IN_USE, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--" + e.getMessage(), e);
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
