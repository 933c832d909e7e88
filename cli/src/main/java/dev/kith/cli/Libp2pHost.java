package dev.kith.cli;

import dev.kith.libp2p.gossipsub.wire.Topics;
import dev.kith.libp2p.host.AddressPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.libp2p.swarm.Security;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Option;

/** The options of a bare host, and how one is made of them: under a new key, each time. */
final class Libp2pHost {
  /** The names of keys as the command line takes them. */
  enum Key {
    secp256k1(KeyType.SECP256K1),
    ed25519(KeyType.ED25519);

    private final KeyType type;

    Key(KeyType type) {
      this.type = type;
    }
  }

  /** The names of secure channels as the command line takes them. */
  enum Channel {
    tls(Security.TLS),
    noise(Security.NOISE);

    private final Security security;

    Channel(Security security) {
      this.security = security;
    }
  }

  @Option(
      names = "--key",
      paramLabel = "TYPE",
      defaultValue = "secp256k1",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Key key = Key.secp256k1;

  @Option(
      names = "--security",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "tls,noise",
      description = "${COMPLETION-CANDIDATES}, the best first (default: ${DEFAULT-VALUE}).")
  private List<Channel> security = List.of();

  /** Starts it; the caller closes it. */
  Host start(List<Multiaddr> listen) throws IOException, InterruptedException {
    return start(listen, AddressPolicy.NEAR);
  }

  /**
   * Starts it; the caller closes it.
   *
   * @param believed of what peers say of addresses
   */
  Host start(List<Multiaddr> listen, AddressPolicy believed)
      throws IOException, InterruptedException {
    try {
      return new HostBuilder(Keys.generate(key.type, new SecureRandom()))
          .securities(security.stream().map(channel -> channel.security).toArray(Security[]::new))
          .addresses(believed)
          .listen(listen)
          .start();
    } catch (BindException e) {
      throw new NodeException(Problem.PORT_IN_USE, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--" + e.getMessage(), e);
    }
  }

  /** Dials who is named by an address that ends in {@code /p2p/PEER}. */
  static Connection dial(Host host, String text, Duration timeout)
      throws IOException, InterruptedException {
    Multiaddr address;
    PeerId peer;
    try {
      address = Multiaddr.parse(text);
      peer =
          address
              .peer()
              .orElseThrow(
                  () -> new IllegalArgumentException("an address without /p2p/PEER: " + text));
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
    try {
      return host.connect(peer, List.of(address), timeout);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  static NodeException unreachable(IOException cause) {
    return new NodeException(Problem.NO_PEERS, String.valueOf(cause.getMessage()), cause);
  }

  /** What {@code --listen} names. */
  static List<Multiaddr> addresses(List<String> listen) throws NodeException {
    try {
      return listen.stream().map(Multiaddr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "--listen: " + e.getMessage(), e);
    }
  }

  static void checkTopic(String topic) throws NodeException {
    if (!Topics.valid(topic)) {
      throw new NodeException(
          Problem.BAD_REQUEST, "a topic has 1 to " + Topics.BYTES_MAX + " bytes");
    }
  }

  /**
   * Waits until all connected peers answered a ping, and so have got what was sent to them before.
   */
  static void settle(Host host, Duration timeout) throws InterruptedException {
    for (Connection connection : host.connections()) {
      try (Ping ping = Ping.open(connection, timeout)) {
        ping.ping(timeout);
      } catch (IOException e) {
        // It went away, or does not answer pings: what it was sent is not ours to know.
      }
    }
  }

  /** Blocks until SIGTERM or SIGINT, and then closes the host in an orderly way. */
  static void awaitSignal(Host host) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(host::close));
    new CountDownLatch(1).await();
  }

  /** What a connection is made of, for {@code --json}. */
  static Map<String, Object> describe(Connection connection) {
    ConnectionState state = connection.state();
    Map<String, Object> fields = new TreeMap<>();
    fields.put("transport", state.transport());
    fields.put("security", state.security());
    fields.put("muxer", state.muxer());
    fields.put("earlyMuxer", state.earlyMuxer());
    return fields;
  }
}
