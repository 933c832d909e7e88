package dev.kith.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on bare libp2p hosts: for checks against other implementations. */
@Command(
    name = "libp2p",
    synopsisSubcommandLabel = "COMMAND",
    description = "Bare libp2p hosts outside of any realm, to check Kith against others.")
final class Libp2pCommand extends KithCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Libp2pCommand(Cli cli) {
    super(cli);
  }

  /** With its subcommands. */
  static CommandLine group(Cli cli) {
    return new CommandLine(new Libp2pCommand(cli))
        .addSubcommand("serve", new Libp2pServeCommand(cli))
        .addSubcommand("ping", new Libp2pPingCommand(cli))
        .addSubcommand("identify", new Libp2pIdentifyCommand(cli))
        .addSubcommand("perf", new Libp2pPerfCommand(cli))
        .addSubcommand("find-peer", new Libp2pFindPeerCommand(cli))
        .addSubcommand("find-providers", new Libp2pFindProvidersCommand(cli))
        .addSubcommand("provide", new Libp2pProvideCommand(cli))
        .addSubcommand("publish", new Libp2pPublishCommand(cli));
  }

  @Override
  protected ExitCode run() throws IOException {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
