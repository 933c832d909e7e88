package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.bench.TreeBenchmark;
import dev.kith.testnet.local.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures the ledger's state tree. */
@Command(name = "tree", description = "Measure the ledger's state tree, in a LevelDB.")
final class BenchTreeCommand extends KithCommand {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Rows in the tree, up to 10000000 (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "For how long, up to 600 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  BenchTreeCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (rows < 1 || rows > 10_000_000 || seconds < 1 || seconds > 600) {
      throw new NodeException(Problem.BAD_REQUEST, "--rows or --seconds out of its range");
    }
    Path folder = Files.createTempDirectory("kith-tree");
    try {
      TreeBenchmark.Result result =
          new TreeBenchmark(folder, rows, Duration.ofSeconds(seconds)).run();
      cli.out()
          .println(cli.json() ? JsonMapper.shared().writeValueAsString(result) : result.markdown());
    } finally {
      FileTree.delete(folder);
    }
    return ExitCode.OK;
  }
}
