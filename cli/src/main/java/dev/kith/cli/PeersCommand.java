package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Lists the members of the realm. */
@Command(name = "peers", description = "List the members of the realm.")
final class PeersCommand extends KithCommand {
  PeersCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    byte[] answer = cli.daemon().get("peers", Map.of());
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK;
    }
    for (JsonNode peer : JsonNode.parse(answer).elements()) {
      String state = peer.truth("self") ? "self" : peer.truth("connected") ? "connected" : "away";
      cli.out()
          .println(
              String.format(
                      "%s  %-9s  %-9s  %9s  %-12s  %s",
                      peer.text("peerId"),
                      state,
                      peer.truth("committee") ? "committee" : "",
                      ByteSize.approximate(peer.number("diskBytes")),
                      peer.text("name"),
                      peer.text("site"))
                  .stripTrailing());
    }
    return ExitCode.OK;
  }
}
