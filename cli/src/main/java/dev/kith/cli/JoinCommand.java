package dev.kith.cli;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.JoinClient;
import dev.kith.node.realm.NewHomes;
import dev.kith.node.realm.OwnerKey;
import dev.kith.node.realm.Ticket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Enters a realm with a ticket. */
@Command(
    name = "join",
    description = {
      "Enter a realm with a ticket from kith invite.",
      "The device then acts for the inviter's owner, or with --owner new for an owner of its own."
    })
final class JoinCommand extends KithCommand {
  @Parameters(paramLabel = "TICKET", description = "The ticket; - reads it from stdin.")
  private String ticket = "";

  @Option(
      names = "--owner",
      completionCandidates = Owners.class,
      paramLabel = "new",
      description = "new: act for this home's own owner, not for the inviter's.")
  private @Nullable String owner;

  /** What {@code --owner} takes; for the shell. */
  static final class Owners implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("new").iterator();
    }
  }

  @Option(names = "--name", paramLabel = "NAME", description = "What people call this device.")
  private @Nullable String name;

  @Option(names = "--site", paramLabel = "SITE", description = "Where it stands.")
  private @Nullable String site;

  private boolean underWay;

  JoinCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (owner != null && !owner.equals("new")) {
      throw new NodeException(Problem.BAD_REQUEST, "--owner takes: new");
    }
    Ticket decoded = Ticket.decode(ticket.equals("-") ? readTicket() : ticket);
    boolean fresh = !Home.existsIn(cli.home());
    char[] password = fresh ? makeHome() : existing();
    Home home = Home.open(cli.home());
    Optional<String> phrase = Optional.empty();
    if (owner != null && !home.holdsOwnerKey()) {
      phrase = Optional.of(OwnerKey.newPhrase(new SecureRandom()));
      home.keepOwner(password, OwnerKey.ofPhrase(phrase.get()));
    }
    JoinClient.Joined joined;
    try {
      joined = join(home, password, decoded);
    } catch (IOException | InterruptedException e) {
      takeBack(home, fresh, phrase);
      throw e;
    }
    dropOtherOwner(home, password, joined);
    report(joined, phrase);
    return ExitCode.OK;
  }

  /** What nobody was told of goes, so that another try finds what this one found. */
  private void takeBack(Home home, boolean fresh, Optional<String> phrase) throws IOException {
    if (underWay) {
      phrase.ifPresent(words -> cli.say("phrase " + words));
      cli.say(
          "The device may become a member yet: run the same command again. Its home"
              + (phrase.isPresent() ? " and the phrase above are kept." : " is kept."));
    } else if (fresh) {
      home.discard();
    } else if (phrase.isPresent()) {
      home.forgetOwner();
    }
  }

  private char[] existing() throws IOException {
    Home home = Home.open(cli.home());
    if (home.hasRealm()) {
      throw new NodeException(
          Problem.ALREADY_EXISTS,
          "this peer belongs to the realm '%s' already; a second realm needs a second home"
              .formatted(home.genesis().name()));
    }
    return new Passwords(cli).existing(home);
  }

  private JoinClient.Joined join(Home home, char[] password, Ticket to)
      throws IOException, InterruptedException {
    Secp256k1PrivateKey device = home.deviceKey(password);
    Optional<Secp256k1PrivateKey> ownOwner =
        owner == null ? Optional.empty() : Optional.of(home.ownerKey(password));
    HomeConfig config = named(home.config());
    JoinClient.Joined joined;
    try (Host host = new HostBuilder(device).start()) {
      JoinClient client = new JoinClient(host, device);
      try {
        joined = client.join(to, config.name(), config.site(), ownOwner);
      } finally {
        underWay = client.underWay();
      }
    }
    home.config(config.withBootstrap(joined.peers()));
    home.enterRealm(joined.genesis(), joined.grant());
    return joined;
  }

  /** A phrase that opens nothing here must not look as if it did. */
  private void dropOtherOwner(Home home, char[] password, JoinClient.Joined joined)
      throws IOException {
    if (home.holdsOwnerKey()
        && !home.ownerKey(password).publicKey().raw().equals(joined.grant().owner())) {
      home.forgetOwner();
      cli.say(
          "This device now acts for the inviter's owner: the phrase that kith init showed here"
              + " opens nothing.");
    }
  }

  private HomeConfig named(HomeConfig config) throws NodeException {
    try {
      HomeConfig renamed = name == null ? config : config.withName(name);
      return site == null ? renamed : renamed.withSite(site);
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the password. */
  private char[] makeHome() throws IOException {
    char[] password = new Passwords(cli).forNewHome(null);
    Home.create(
        cli.home(),
        NewHomes.config(cli.home()),
        password,
        Secp256k1PrivateKey.generate(new SecureRandom()),
        Optional.empty());
    return password;
  }

  private void report(JoinClient.Joined joined, Optional<String> phrase) {
    String realm = joined.genesis().realmId().toUnprefixedHexString();
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("realm", realm)
              .with("name", joined.genesis().name())
              .with("peerId", joined.grant().device())
              .with("owner", joined.grant().owner().toUnprefixedHexString())
              .with("height", joined.height())
              .with("phrase", phrase));
      return;
    }
    cli.out().println("realm  " + realm + " (" + joined.genesis().name() + ")");
    cli.out().println("peer   " + joined.grant().device());
    phrase.ifPresent(
        words -> {
          cli.out().println("phrase " + words);
          cli.say("Write the phrase down: it is shown this once, and is the key to your files.");
        });
    cli.say("This device is a member since block " + joined.height() + ". Next: kith up.");
  }

  private String readTicket() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(cli.in(), StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
