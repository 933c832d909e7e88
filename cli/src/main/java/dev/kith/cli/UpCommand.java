package dev.kith.cli;

import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.daemon.DaemonLauncher;
import dev.kith.node.daemon.DaemonMain;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.NewHomes;
import dev.kith.node.realm.OwnerKey;
import dev.kith.node.realm.RealmFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the daemon. */
@Command(
    name = "up",
    description = {
      "Start the daemon, and return when it serves.",
      "Where there is no home yet, one is made with a realm of its own, as with kith init and kith"
          + " realm create. Options are kept in the home's config.toml."
    })
final class UpCommand extends KithCommand {
  private static final Duration START_MAX = Duration.ofSeconds(60);

  /** 128 and SIGTERM's number: somebody ended the daemon, as kith down does. */
  private static final int TERMINATED = 143;

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      description = "Where peers reach this one, such as /ip4/0.0.0.0/tcp/4747; repeatable.")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "The HTTP API's port on loopback (0 = any).")
  private @Nullable Integer apiPort;

  @Option(
      names = "--storage",
      paramLabel = "SIZE",
      converter = ByteSizes.class,
      description = "What this device lends to the store, such as 500MB or 10GiB.")
  private @Nullable Long storage;

  @Option(names = "--foreground", description = "Stay, and end with the daemon.")
  private boolean foreground;

  private Optional<char[]> passwordOfNewHome = Optional.empty();
  private Optional<String> newPhrase = Optional.empty();

  UpCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Home home = home();
    Optional<DaemonInfo> running = home.daemon();
    if (running.isPresent()) {
      throw new NodeException(
          Problem.ALREADY_RUNNING,
          "the daemon runs already, with pid " + running.get().pid() + " (kith down ends it)");
    }
    if (passwordOfNewHome.isEmpty()) {
      home.genesis(); // says where there is none, and what to do
    }
    HomeConfig before = home.config();
    configure(home);
    char[] password =
        passwordOfNewHome.isPresent() ? passwordOfNewHome.get() : new Passwords(cli).existing(home);
    if (passwordOfNewHome.isPresent()) {
      RealmFactory.create(home, password, "home");
      cli.say("A new realm was founded, of this peer alone (kith invite lets others in).");
    }
    DaemonLauncher launcher = new DaemonLauncher(cli.environment(DaemonLauncher.OPTIONS_VARIABLE));
    try {
      return foreground
          ? stay(launcher.startForeground(home.folder(), password), home, before)
          : detach(launcher.start(home.folder(), password), home);
    } catch (NodeException e) {
      home.config(before); // an address that cannot be listened on is not worth keeping
      throw e;
    }
  }

  private Home home() throws IOException {
    Path folder = cli.home();
    if (Home.existsIn(folder)) {
      return Home.open(folder);
    }
    if (!cli.interactive() && !new Passwords(cli).knownForNewHome()) {
      return Home.open(folder); // says that there is none, and what to do
    }
    char[] password = new Passwords(cli).forNewHome(null);
    String phrase = OwnerKey.newPhrase(new SecureRandom());
    passwordOfNewHome = Optional.of(password);
    newPhrase = Optional.of(phrase);
    Home home =
        Home.create(
            folder,
            NewHomes.config(folder),
            password,
            Secp256k1PrivateKey.generate(new SecureRandom()),
            Optional.of(OwnerKey.ofPhrase(phrase)));
    cli.say("A new home was made in " + folder + ". Its owner's phrase, shown this once:");
    cli.say("  " + phrase);
    return home;
  }

  private void configure(Home home) throws IOException {
    HomeConfig config = home.config();
    HomeConfig changed = config;
    try {
      if (!listen.isEmpty()) {
        changed = changed.withListen(listen.stream().map(Multiaddr::parse).toList());
      }
      if (apiPort != null) {
        changed = changed.withApiPort(apiPort);
      }
      if (storage != null) {
        changed = changed.withStorageBytes(storage);
      }
    } catch (IllegalArgumentException e) {
      throw new NodeException(Problem.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
    if (!changed.equals(config)) {
      home.config(changed);
    }
  }

  private ExitCode detach(Process daemon, Home home) throws IOException, InterruptedException {
    report(DaemonLauncher.awaitServing(daemon, home.folder(), START_MAX), home);
    return ExitCode.OK;
  }

  private void report(DaemonInfo info, Home home) {
    String api = "http://127.0.0.1:" + info.apiPort();
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("peerId", info.peerId())
              .with("pid", info.pid())
              .with("api", api)
              .with("home", home.folder())
              .with("phrase", newPhrase));
    } else {
      cli.out().println("peer " + info.peerId() + " serves, pid " + info.pid() + ", API " + api);
    }
  }

  /** A signal to this process ends the daemon too, before this process ends. */
  private ExitCode stay(Process daemon, Home home, HomeConfig before)
      throws IOException, InterruptedException {
    Thread end =
        new Thread(
            () -> {
              daemon.destroy();
              daemon.onExit().join();
            });
    Runtime.getRuntime().addShutdownHook(end);
    try {
      report(DaemonLauncher.awaitServing(daemon, home.folder(), START_MAX), home);
    } catch (NodeException e) {
      if (daemon.isAlive()) {
        throw e;
      }
      home.config(before); // it has said itself why it ended
    }
    int code = daemon.waitFor();
    return code == 0 || code == TERMINATED ? ExitCode.OK : ExitCode.of(DaemonMain.problemOf(code));
  }
}
