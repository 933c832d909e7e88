package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a testnet, or starts again what is there. */
@Command(
    name = "up",
    description = {
      "Make a testnet, or start one that exists again; returns when all peers serve.",
      "The peers are in one realm and belong to one owner; no password is asked."
    })
final class TestnetUpCommand extends KithCommand {
  private static final int PEERS = 5;

  @Mixin private final TestnetFolder folder = new TestnetFolder();

  @Option(
      names = "--peers",
      paramLabel = "N",
      description =
          "How many peers a new testnet has, 1 to "
              + Testnet.PEERS_MAX
              + " (default: "
              + PEERS
              + ").")
  private @Nullable Integer peers;

  TestnetUpCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Testnet testnet = folder.open(cli);
    testnet.up(peers == null ? PEERS : peers);
    int size = testnet.size();
    if (cli.json()) {
      TestnetStatusCommand.print(cli, testnet);
    }
    if (peers != null && peers != size) {
      cli.say("kith: the testnet was made with " + size + " peers, and keeps them");
    }
    cli.say(size + " peers serve in " + testnet.folder());
    cli.say("try: kith --home " + testnet.home(1) + " status");
    return ExitCode.OK;
  }
}
