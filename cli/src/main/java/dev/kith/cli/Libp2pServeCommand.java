package dev.kith.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.gossipsub.Gossipsub;
import dev.kith.libp2p.gossipsub.GossipsubConfig;
import dev.kith.libp2p.gossipsub.Message;
import dev.kith.libp2p.gossipsub.Subscription;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.perf.Perf;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a bare host until it is stopped. */
@Command(
    name = "serve",
    description = {
      "Serve identify, ping, echo and perf, and a DHT and gossipsub where asked, under a new key"
          + " and",
      "outside of any realm. Prints its addresses, one a line, then \"ready\", then the messages"
          + " of",
      "its topics, and runs until it is stopped."
    })
final class Libp2pServeCommand extends KithCommand {
  /** What js-libp2p's echo calls itself. */
  private static final String ECHO = "/echo/1.0.0";

  /** What a line shows of a message. */
  private static final int TEXT_BYTES = 256;

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

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Join this gossipsub topic and print its messages; may be repeated.")
  private List<String> topics = List.of();

  Libp2pServeCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Optional<KademliaConfig> dht = dht(kad);
    for (String topic : topics) {
      Libp2pHost.checkTopic(topic);
    }
    try (Host host = options.start(Libp2pHost.addresses(listen))) {
      host.serve(
          ECHO, StreamHandler.streaming(stream -> stream.input().transferTo(stream.output())));
      host.serve(Perf.PROTOCOL, StreamHandler.streaming(Perf::serve));
      if (dht.isPresent()) {
        Kademlia.start(host, dht.get(), new MemoryDatastore(), Clock.systemUTC());
      }
      List<Subscription> subscriptions = subscribe(host);
      announce(host);
      // What came meanwhile waits.
      subscriptions.forEach(each -> Thread.ofVirtual().start(() -> printAll(each)));
      Libp2pHost.awaitSignal(host);
    }
    return ExitCode.OK;
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

  private List<Subscription> subscribe(Host host) throws InterruptedException {
    List<Subscription> subscriptions = new ArrayList<>();
    if (!topics.isEmpty()) {
      Gossipsub gossipsub = Gossipsub.start(host, GossipsubConfig.defaults());
      for (String topic : new LinkedHashSet<>(topics)) {
        subscriptions.add(gossipsub.subscribe(topic));
      }
    }
    return subscriptions;
  }

  private void printAll(Subscription subscription) {
    try {
      while (true) {
        Optional<Message> message = subscription.next();
        if (message.isEmpty()) {
          return;
        }
        print(message.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A line each. */
  private void print(Message message) {
    String from = message.from().map(PeerId::toString).orElse("unsigned");
    byte[] data = message.data();
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("topic", message.topic())
              .with("from", from)
              .with("messageId", message.id().toString())
              .with("bytes", data.length)
              .with("data", Base64.getEncoder().encodeToString(data)));
    } else {
      String text = new String(data, 0, Math.min(data.length, TEXT_BYTES), UTF_8);
      cli.out()
          .println(
              Printable.of(message.topic() + " " + from + " " + data.length + " bytes: " + text));
    }
    cli.out().flush();
  }
}
