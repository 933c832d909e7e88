package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Shows what Kith does, with real processes, in a minute and a half. */
@Command(
    name = "demo",
    description = {
      "Five peers on this machine store a large file and run two programs while peers are killed.",
      "Ends with 0 only if all of it held; leaves nothing but a picture."
    })
final class DemoCommand extends KithCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to store (default: the JDK's own lib/modules).")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "kith-demo",
      description = "Where the picture goes, and the peers meanwhile (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("");

  DemoCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Path stored = file.orElseGet(Demo::defaultFile);
    if (!Files.isReadable(stored) || !Files.isRegularFile(stored)) {
      throw new NodeException(Problem.BAD_REQUEST, stored + " is not a file that can be read");
    }
    // With --json the story goes to stderr, and its end to stdout.
    Demo demo = new Demo(folder, stored, System.getenv(), cli.json() ? cli.err() : cli.out());
    Demo.Result result = demo.run();
    if (cli.json()) {
      cli.out().println(JsonMapper.shared().writeValueAsString(result));
    }
    if (result.failures().isEmpty()) {
      cli.say("all of it held");
      return ExitCode.OK;
    }
    cli.say("kith: this did not hold: " + String.join("; ", result.failures()));
    return ExitCode.BUG;
  }
}
