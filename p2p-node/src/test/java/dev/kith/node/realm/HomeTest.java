package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.ledger.Genesis;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path folder;

  @Test
  void create_makesAHomeThatOpensWithItsPasswordOnly() throws IOException {
    Secp256k1PrivateKey device = Secp256k1PrivateKey.generate(RANDOM);
    Home home = create(device, Optional.empty());

    assertThat(Home.open(home.folder()).deviceKey("secret".toCharArray())).isEqualTo(device);
    refuses(Problem.NOT_ALLOWED, () -> home.deviceKey("secreT".toCharArray()));
    refuses(Problem.NOT_ALLOWED, () -> home.ownerKey("secret".toCharArray()));
  }

  @Test
  void create_leavesAHomeThatExistsAlone() throws IOException {
    Secp256k1PrivateKey device = Secp256k1PrivateKey.generate(RANDOM);
    Home home = create(device, Optional.empty());

    refuses(
        Problem.ALREADY_EXISTS,
        () -> create(Secp256k1PrivateKey.generate(RANDOM), Optional.empty()));
    assertThat(home.deviceKey("secret".toCharArray())).isEqualTo(device);
  }

  @Test
  void create_keepsSecretsFromOtherUsers() throws IOException {
    Home home =
        create(
            Secp256k1PrivateKey.generate(RANDOM),
            Optional.of(Secp256k1PrivateKey.generate(RANDOM)));

    for (String secret : List.of("keystore.json", "owner.json", "api-token")) {
      assertThat(Files.getPosixFilePermissions(home.folder().resolve(secret)))
          .as(secret)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void open_refusesAFolderThatIsNoHomeAndAHomeOfAnotherFormat() throws IOException {
    refuses(Problem.NOT_FOUND, () -> Home.open(folder.resolve("none")));

    Home home = create(Secp256k1PrivateKey.generate(RANDOM), Optional.empty());
    Files.writeString(home.folder().resolve("format"), "kith-home 7\n");
    refuses(Problem.WRONG_FORMAT, () -> Home.open(home.folder()));
  }

  @Test
  void lock_isHeldByOneDaemonAtATime() throws IOException {
    Home home = create(Secp256k1PrivateKey.generate(RANDOM), Optional.empty());
    try (HomeLock held = home.lock()) {
      assertThat(held).isNotNull();
      refuses(Problem.ALREADY_RUNNING, home::lock);
    }
    home.lock().close();
  }

  @Test
  void daemon_thatDiedIsNotTakenForARunningOne() throws IOException {
    Home home = create(Secp256k1PrivateKey.generate(RANDOM), Optional.empty());
    DaemonInfo self = DaemonInfo.ofThisProcess(4711, "peer");
    home.daemonServes(self);
    assertThat(home.daemon()).contains(self);

    ProcessIdentity earlier = new ProcessIdentity(self.pid(), "earlier");
    home.daemonServes(new DaemonInfo(earlier, 4711, "peer"));
    assertThat(home.daemon()).as("the pid now belongs to another process").isEmpty();
  }

  @Test
  void createLocalRealm_makesHomesOfOneOwnerThatKnowEachOther() throws IOException {
    List<RealmFactory.LocalPeer> peers = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      HomeConfig config =
          HomeConfig.defaults("peer-" + i, 1 << 20)
              .withListen(List.of(Multiaddr.parse("/ip4/127.0.0." + i + "/tcp/4000")));
      peers.add(new RealmFactory.LocalPeer(folder.resolve("peer-" + i), config));
    }
    Genesis genesis = RealmFactory.createLocalRealm("test", peers);

    assertThat(genesis.committee()).containsExactly(0, 1, 2, 3);
    OwnerRoot first = rootOf(peers.getFirst().home());
    for (RealmFactory.LocalPeer peer : peers) {
      Home home = Home.open(peer.home());
      assertThat(home.genesis().realmId()).isEqualTo(genesis.realmId());
      assertThat(home.config().bootstrap()).hasSize(4);
      assertThat(rootOf(peer.home())).isEqualTo(first);
    }
    assertThat(Home.open(peers.getFirst().home()).holdsOwnerKey()).isTrue();
    assertThat(Home.open(peers.getLast().home()).holdsOwnerKey()).isFalse();
  }

  @Test
  void enterRealm_happensOnce() throws IOException {
    Home home =
        create(
            Secp256k1PrivateKey.generate(RANDOM),
            Optional.of(Secp256k1PrivateKey.generate(RANDOM)));
    refuses(Problem.NOT_FOUND, home::genesis);
    RealmFactory.create(home, "secret".toCharArray(), "mine");
    assertThat(home.genesis().name()).isEqualTo("mine");
    refuses(
        Problem.ALREADY_EXISTS, () -> RealmFactory.create(home, "secret".toCharArray(), "another"));
  }

  private static OwnerRoot rootOf(Path folder) throws IOException {
    Home home = Home.open(folder);
    char[] password = home.storedPassword().orElseThrow();
    return OwnerRoot.unwrap(home.deviceKey(password), home.grant().wrappedRoot());
  }

  private Home create(Secp256k1PrivateKey device, Optional<Secp256k1PrivateKey> owner)
      throws IOException {
    return Home.create(
        folder.resolve("home"),
        HomeConfig.defaults("device", 1 << 30),
        "secret".toCharArray(),
        device,
        owner);
  }

  private static void refuses(Problem problem, Call call) {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(call::run)
        .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
  }

  private interface Call {
    void run() throws IOException;
  }
}
