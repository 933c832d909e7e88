package dev.kith.cli;

import dev.kith.ledger.Genesis;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.RealmFactory;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Founds a realm, or shows the one that this peer belongs to. */
@Command(name = "realm", description = "Found a realm, or show the one that this peer belongs to.")
final class RealmCommand extends KithCommand {
  RealmCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    return show();
  }

  @Command(name = "show", description = "Show the realm.")
  int showCommand() throws IOException {
    return show().code();
  }

  @Command(name = "create", description = "Found a realm with this peer as its first member.")
  int create(
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "home",
              description = "What people call the realm (default: ${DEFAULT-VALUE}).")
          String name)
      throws IOException {
    Home home = Home.open(cli.home());
    RealmFactory.create(home, new Passwords(cli).existing(home), name);
    return show().code();
  }

  private ExitCode show() throws IOException {
    Home home = Home.open(cli.home());
    Genesis genesis = home.genesis();
    String realm = genesis.realmId().toUnprefixedHexString();
    String owner = home.grant().owner().toUnprefixedHexString();
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("realm", realm)
              .with("name", genesis.name())
              .with("created", genesis.createdMillis())
              .with("founders", genesis.members().size())
              .with("committee", genesis.validators().stream().map(Object::toString).toList())
              .with("owner", owner)
              .with("holdsOwnerKey", home.holdsOwnerKey()));
    } else {
      cli.out().println("realm      " + realm);
      cli.out().println("name       " + genesis.name());
      cli.out().println("created    " + Instant.ofEpochMilli(genesis.createdMillis()));
      cli.out().println("founders   " + genesis.members().size());
      cli.out().println("committee  " + genesis.committee().size());
      cli.out().println("owner      " + owner);
    }
    return ExitCode.OK;
  }
}
