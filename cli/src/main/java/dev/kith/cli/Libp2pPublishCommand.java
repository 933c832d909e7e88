package dev.kith.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kith.libp2p.gossipsub.Gossipsub;
import dev.kith.libp2p.gossipsub.GossipsubConfig;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes one message to any gossipsub peer. */
@Command(name = "publish", description = "Publish a gossipsub message through a peer.")
final class Libp2pPublishCommand extends KithCommand {
  private static final Duration POLL = Duration.ofMillis(20);

  @Mixin private Libp2pHost options = new Libp2pHost();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For the dial, and for the rest (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Parameters(index = "0", paramLabel = "TOPIC")
  private String topic = "";

  @Parameters(index = "1", paramLabel = "MESSAGE", description = "- reads it from stdin.")
  private String message = "";

  @Parameters(
      index = "2",
      paramLabel = "MULTIADDR",
      description = "A peer that subscribed to the topic, with its /p2p/PEER.")
  private String address = "";

  Libp2pPublishCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    GossipsubConfig config = GossipsubConfig.defaults();
    Libp2pHost.checkTopic(topic);
    byte[] data = data(config.messageBytesMax());
    try (Host host = options.start(List.of());
        Gossipsub gossipsub = Gossipsub.start(host, config)) {
      Connection connection = Libp2pHost.dial(host, address, timeout);
      PeerId peer = connection.remotePeer();
      long deadline = System.nanoTime() + timeout.toNanos();
      while (!gossipsub.subscribers(topic).contains(peer)) {
        if (System.nanoTime() - deadline > 0 || !connection.open()) {
          throw new NodeException(
              Problem.NOT_FOUND, "the peer does not subscribe to " + Printable.of(topic));
        }
        Thread.sleep(POLL);
      }
      MessageId id = publish(gossipsub, data);
      if (!gossipsub.flush(timeout)) {
        throw new NodeException(Problem.NO_PEERS, "the peer does not take the message");
      }
      Libp2pHost.settle(host, timeout);
      print(host, peer, id, data);
    }
    return ExitCode.OK;
  }

  /** One byte more than fits tells that it is too long. */
  private byte[] data(int bytesMax) throws IOException {
    return message.equals("-") ? cli.in().readNBytes(bytesMax + 1) : message.getBytes(UTF_8);
  }

  private MessageId publish(Gossipsub gossipsub, byte[] data)
      throws NodeException, InterruptedException {
    try {
      return gossipsub.publish(topic, data);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, "the message is too long", e);
    }
  }

  private void print(Host host, PeerId peer, MessageId id, byte[] data) {
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("topic", topic)
              .with("peerId", peer.toString())
              .with("from", host.id().toString())
              .with("messageId", id.toString())
              .with("bytes", data.length));
    } else {
      cli.out().println("published " + Counted.of(data.length, "byte") + " from " + host.id());
    }
  }
}
