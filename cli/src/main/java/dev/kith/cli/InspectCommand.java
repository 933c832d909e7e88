package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a program needs. */
@Command(name = "inspect", description = "Show what a program needs, without running it.")
final class InspectCommand extends KithCommand {
  @Parameters(paramLabel = "PROGRAM", description = "A .wasm file, or kith:/path.")
  private String program = "";

  InspectCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    DaemonClient daemon = cli.daemon();
    JsonText source = new Uploads(cli, daemon).source(program);
    JsonNode needs = daemon.post("inspect", JsonText.object().with("program", source));
    if (cli.json()) {
      cli.printJson(needs);
      return ExitCode.OK;
    }
    cli.out().println("kind    " + needs.text("kind"));
    cli.out().println("size    " + ByteSize.approximate(needs.number("bytes")));
    cli.out()
        .println(
            "memory  "
                + ByteSize.approximate(needs.number("memoryBytesMin"))
                + needs
                    .optionalText("memoryBytesMax")
                    .map(max -> " to " + ByteSize.approximate(Long.parseLong(max)))
                    .orElse(" or more"));
    needs.texts("capabilities").forEach(capability -> cli.out().println("needs   " + capability));
    return ExitCode.OK;
  }
}
