package dev.kith.cli;

import io.nayuki.qrcodegen.QrCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a ticket that admits one device. */
@Command(
    name = "invite",
    description = "Print a ticket that admits one device, once; on a terminal also as a QR code.")
final class InviteCommand extends KithCommand {
  @Option(
      names = "--expires",
      paramLabel = "TIME",
      defaultValue = "1d",
      converter = Durations.class,
      description = "How long it is good for, such as 15m, 2h or 7d (default: ${DEFAULT-VALUE}).")
  private Duration expires = Duration.ofDays(1);

  @Option(
      names = "--guest",
      description =
          "For somebody else's device: it joins with an owner of its own, and never gets the key to"
              + " your files.")
  private boolean guest;

  InviteCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    JsonNode ticket =
        cli.daemon()
            .post(
                "tickets",
                JsonText.object().with("expiresSeconds", expires.toSeconds()).with("guest", guest));
    if (cli.json()) {
      cli.out().println(JsonText.write(ticket));
      return ExitCode.OK;
    }
    String text = ticket.text("ticket");
    if (cli.outIsTerminal()) {
      printQr(text);
    }
    cli.out().println(text);
    if (!guest && !ticket.truth("sameOwner")) {
      cli.say(
          "kith: this device does not hold your owner's key, so the ticket is for a device with an"
              + " owner of its own; to enrol one of yours, invite where kith init was run");
    }
    cli.say("It admits one device until " + Instant.ofEpochMilli(ticket.number("expires")) + ":");
    cli.say("  kith join TICKET" + (ticket.truth("sameOwner") ? "" : " --owner new"));
    return ExitCode.OK;
  }

  /** Two modules a character, dark on light, with the quiet zone that scanners need. */
  private void printQr(String text) {
    QrCode code = QrCode.encodeText(text.toUpperCase(Locale.ROOT), QrCode.Ecc.LOW);
    for (int y = -2; y < code.size + 2; y += 2) {
      StringBuilder line = new StringBuilder();
      for (int x = -2; x < code.size + 2; x++) {
        boolean top = code.getModule(x, y);
        boolean bottom = code.getModule(x, y + 1);
        line.append(top ? (bottom ? ' ' : '▄') : (bottom ? '▀' : '█'));
      }
      cli.out().println(line);
    }
  }
}
