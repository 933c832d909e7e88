package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.testnet.local.Testnet;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names a testnet. */
final class TestnetFolder {
  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "The testnet's folder; peer N is at home in DIR/peer-N.")
  private Path folder = Path.of("");

  Testnet open(Cli cli) {
    return new Testnet(folder, cli.environment("KITH_JAVA_OPTS"));
  }
}
