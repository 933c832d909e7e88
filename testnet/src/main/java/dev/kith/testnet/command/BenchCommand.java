package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.testnet.bench.StoreBenchmark;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures put and get in real processes. */
@Command(
    name = "bench",
    description = "Measure put and get in real processes, beside what the machine can do.")
final class BenchCommand extends KithCommand {
  @Option(names = "--dir", required = true, description = "Where the testnet and its files go.")
  private Path dir = Path.of("");

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
    StoreBenchmark.Result result =
        new StoreBenchmark(dir.toAbsolutePath(), peers, (long) mebibytes << 20, runs, cli::say)
            .run();
    cli.out()
        .println(cli.json() ? JsonMapper.shared().writeValueAsString(result) : result.markdown());
    return ExitCode.OK;
  }
}
