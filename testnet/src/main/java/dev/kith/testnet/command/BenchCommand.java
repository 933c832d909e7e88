package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.bench.StoreBenchmark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures put and get in real processes. */
@Command(
    name = "bench",
    description = "Measure put and get in real processes, beside what the machine can do.")
final class BenchCommand extends KithCommand {
  /** Subcommands do without. */
  @Option(names = "--dir", description = "Where the testnet and its files go; it must be given.")
  private Optional<Path> dir = Optional.empty();

  @Option(
      names = "--peers",
      defaultValue = "5",
      description = "3 to 32 (default: ${DEFAULT-VALUE}).")
  private int peers;

  @Option(
      names = "--mib",
      defaultValue = "1024",
      description = "Size of the file (default: ${DEFAULT-VALUE}).")
  private int mebibytes;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "Puts and gets (default: ${DEFAULT-VALUE}).")
  private int runs;

  BenchCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Path folder = dir.orElseThrow(() -> new NodeException(Problem.BAD_REQUEST, "--dir is missing"));
    StoreBenchmark.Result result =
        new StoreBenchmark(folder.toAbsolutePath(), peers, (long) mebibytes << 20, runs, cli::say)
            .run();
    cli.out()
        .println(cli.json() ? JsonMapper.shared().writeValueAsString(result) : result.markdown());
    return ExitCode.OK;
  }
}
