package dev.kith.cli;

import dev.kith.libp2p.host.AddressPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks any libp2p peer who it is. */
@Command(name = "identify", description = "Show what a libp2p peer says of itself.")
final class Libp2pIdentifyCommand extends KithCommand {
  @Mixin private Libp2pHost options = new Libp2pHost();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For the dial and for the answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Parameters(paramLabel = "MULTIADDR", description = "Where the peer is, with its /p2p/PEER.")
  private String address = "";

  Libp2pIdentifyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    BlockingQueue<PeerInfo> answers = new LinkedBlockingQueue<>();
    try (Host host = options.start(List.of(), AddressPolicy.ALL)) {
      host.listener(
          new HostListener() {
            @Override
            public void identified(PeerId peer, PeerInfo info) {
              answers.add(info);
            }
          });
      Connection connection = Libp2pHost.dial(host, address, timeout);
      PeerInfo info = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (info == null) {
        throw new NodeException(Problem.NO_PEERS, "the peer does not say who it is");
      }
      print(connection, info);
    }
    return ExitCode.OK;
  }

  private void print(Connection connection, PeerInfo info) throws IOException {
    List<String> addresses = info.listenAddresses().stream().map(Multiaddr::toString).toList();
    String observed = info.observedAddress().map(Multiaddr::toString).orElse("");
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("peerId", connection.remotePeer().toString())
              .with("keyType", connection.remoteKey().type().name())
              .with("connection", Libp2pHost.describe(connection))
              .with("protocolVersion", info.protocolVersion())
              .with("agentVersion", info.agentVersion())
              .with("addrs", addresses)
              .with("protocols", info.protocols())
              .with("observedAddr", observed));
      return;
    }
    cli.out().println(connection.remotePeer() + " over " + connection.state().security());
    cli.out().println("agent     " + info.agentVersion());
    cli.out().println("sees us   " + observed);
    addresses.forEach(one -> cli.out().println("listens   " + one));
    info.protocols().forEach(one -> cli.out().println("serves    " + one));
  }
}
