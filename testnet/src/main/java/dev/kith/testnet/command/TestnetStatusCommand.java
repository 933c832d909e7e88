package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.testnet.local.PeerStatus;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Lists the peers of a testnet. */
@Command(name = "status", description = "List the peers of a testnet, dead ones too.")
final class TestnetStatusCommand extends KithCommand {
  @Mixin private final TestnetFolder folder = new TestnetFolder();

  TestnetStatusCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    Testnet testnet = folder.open(cli);
    if (cli.json()) {
      print(cli, testnet);
      return ExitCode.OK;
    }
    for (PeerStatus peer : testnet.status()) {
      String process =
          peer.pid().isPresent()
              ? (peer.alive() ? "serves, pid " : "starts, pid ") + peer.pid().getAsLong()
              : "is down";
      String role = peer.committee() ? "committee" : "follower";
      String where =
          peer.addrs().stream().map(Multiaddr::toString).collect(Collectors.joining(" "));
      cli.out().println("peer " + peer.peer() + ": " + process + ", " + role + ", " + where);
    }
    return ExitCode.OK;
  }

  static void print(Cli cli, Testnet testnet) throws IOException {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    testnet.status().forEach(peer -> list.add(peer.json()));
    cli.out().println(list);
  }
}
