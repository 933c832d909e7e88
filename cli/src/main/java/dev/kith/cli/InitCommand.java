package dev.kith.cli;

import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.NewHomes;
import dev.kith.node.realm.OwnerKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a home: a device key, and an owner phrase. */
@Command(
    name = "init",
    description = {
      "Make a home: a key for this device, and a phrase that is the owner's key.",
      "The phrase is shown once. With --phrase an owner is restored from it; with --device-only"
          + " the device gets no owner of its own, to join another device's owner."
    })
final class InitCommand extends KithCommand {
  @Option(
      names = "--phrase",
      paramLabel = "WORDS",
      description = "Restore the owner from its phrase; - reads it from stdin.")
  private @Nullable String phrase;

  @Option(names = "--device-only", description = "Make no owner.")
  private boolean deviceOnly;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call this device (default: its host name).")
  private @Nullable String name;

  @Option(
      names = "--site",
      paramLabel = "SITE",
      description = "Where it stands; copies of a file go to different sites.")
  private @Nullable String site;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "The keys' password is the file's first line; the daemon reads it there too.")
  private @Nullable Path passwordFile;

  InitCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (phrase != null && deviceOnly) {
      throw new NodeException(Problem.BAD_REQUEST, "--phrase and --device-only exclude each other");
    }
    Path folder = cli.home();
    if (Home.existsIn(folder)) {
      Home.open(folder); // says so where it is of another format
      throw new NodeException(
          Problem.ALREADY_EXISTS,
          "there is a home in " + folder + " already; it was left as it is");
    }
    String words = "-".equals(phrase) ? readPhrase() : phrase;
    String newPhrase = words == null && !deviceOnly ? OwnerKey.newPhrase(new SecureRandom()) : null;
    Optional<Secp256k1PrivateKey> owner = Optional.empty();
    if (newPhrase != null) {
      owner = Optional.of(OwnerKey.ofPhrase(newPhrase));
    } else if (words != null) {
      owner = Optional.of(OwnerKey.ofPhrase(words));
    }
    char[] password = new Passwords(cli).forNewHome(passwordFile);
    Secp256k1PrivateKey device = Secp256k1PrivateKey.generate(new SecureRandom());
    Home home = Home.create(folder, config(folder), password, device, owner);
    report(home, device, owner, Optional.ofNullable(newPhrase));
    return ExitCode.OK;
  }

  private HomeConfig config(Path folder) throws IOException {
    HomeConfig config = NewHomes.config(folder);
    try {
      if (name != null) {
        config = config.withName(name);
      }
      if (site != null) {
        config = config.withSite(site);
      }
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
    return passwordFile == null
        ? config
        : config.withPasswordFile(passwordFile.toAbsolutePath().toString());
  }

  private void report(
      Home home,
      Secp256k1PrivateKey device,
      Optional<Secp256k1PrivateKey> owner,
      Optional<String> newPhrase) {
    Optional<String> ownerKey = owner.map(key -> key.publicKey().raw().toUnprefixedHexString());
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("home", home.folder())
              .with("peerId", device.publicKey().peerId())
              .with("owner", ownerKey)
              .with("phrase", newPhrase));
      return;
    }
    cli.out().println("home    " + home.folder());
    cli.out().println("peer    " + device.publicKey().peerId());
    ownerKey.ifPresent(key -> cli.out().println("owner   " + key));
    newPhrase.ifPresent(
        shown -> {
          cli.out().println("phrase  " + shown);
          cli.say("");
          cli.say(
              "Write the phrase down and keep it apart from this device. It is shown this once;");
          cli.say("who has it has your files, and without it they are lost with your devices.");
          cli.say("Next: kith realm create.");
        });
  }

  private String readPhrase() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(cli.in(), StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
