package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** Shows how this peer is. */
@Command(name = "status", description = "Show how this peer is.")
final class StatusCommand extends KithCommand {
  StatusCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    byte[] answer = cli.daemon().get("status", Map.of());
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK;
    }
    JsonNode status = JsonNode.parse(answer);
    JsonNode ledger = status.at("ledger");
    JsonNode storage = status.at("storage");
    line("peer", status.text("peerId") + " (" + status.text("name") + ")");
    line("realm", status.text("realm") + " (" + status.text("realmName") + ")");
    line("daemon", "pid " + status.text("pid") + ", version " + status.text("version"));
    status.texts("addrs").forEach(address -> line("listens", address));
    line("connected", Counted.of(status.number("connections"), "peer"));
    line(
        "storage",
        ByteSize.approximate(storage.number("used"))
            + " of "
            + ByteSize.approximate(storage.number("quota")));
    line("computes", Counted.of(status.number("slots"), "part") + " at once");
    line(
        "ledger",
        "height "
            + ledger.text("height")
            + ", "
            + ledger.list("reachable").size()
            + " of "
            + ledger.list("committee").size()
            + " validators reachable"
            + (ledger.truth("stalled") ? ", stalled" : ""));
    if (ledger.truth("stalled")) {
      line(
          "",
          "nothing new can be recorded: "
              + ledger.text("quorum")
              + " validators are needed, and these are away: "
              + String.join(", ", ledger.texts("missing")));
      line("", "files can still be read; recording goes on by itself when they are back");
    } else if (!ledger.texts("missing").isEmpty()) {
      line("", "away: " + String.join(", ", ledger.texts("missing")));
    }
    return ExitCode.OK;
  }

  private void line(String name, String value) {
    cli.out().println(String.format("%-10s %s", name, value));
  }
}
