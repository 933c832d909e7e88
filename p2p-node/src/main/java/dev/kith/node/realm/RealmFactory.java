package dev.kith.node.realm;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.replica.LedgerReplica;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Founds realms. */
public final class RealmFactory {
  private static final String PASSWORD_FILE = "password";
  private static final SecureRandom RANDOM = new SecureRandom();

  private RealmFactory() {}

  /**
   * What a home of a local realm is made with.
   *
   * @param home its folder, which must not hold a home yet
   * @param config its settings; the listen addresses must have fixed ports, as the peers find each
   *     other by them
   */
  public record LocalPeer(Path home, HomeConfig config) {}

  /** A realm of this peer alone: it is the whole committee. */
  public static Genesis create(Home home, char[] password, String name) throws IOException {
    Secp256k1PrivateKey owner = home.ownerKey(password);
    Secp256k1PrivateKey device = home.deviceKey(password);
    HomeConfig config = home.config();
    DeviceGrant grant = grant(Bytes32.ZERO, owner, device.publicKey());
    Genesis genesis =
        new Genesis(
            name,
            System.currentTimeMillis(),
            List.of(
                new Genesis.Founder(
                    device.publicKey().peerId(), config.name(), config.site(), grant)),
            List.of(0),
            Genesis.Parameters.LAN);
    enter(home, genesis, grant);
    return genesis;
  }

  /**
   * Makes homes for several peers on one machine, all of one owner and in one realm, whose
   * committee is the largest that they allow. No password is asked for them: each home has a file
   * with a random one. The first home holds the owner's key.
   *
   * @param peers 1 to 256
   */
  public static Genesis createLocalRealm(String name, List<LocalPeer> peers) throws IOException {
    String password = HexFormat.of().formatHex(randomBytes(16));
    Secp256k1PrivateKey owner = Secp256k1PrivateKey.generate(RANDOM);
    List<Home> homes = new ArrayList<>();
    List<Secp256k1PublicKey> devices = new ArrayList<>();
    for (LocalPeer peer : peers) {
      Secp256k1PrivateKey device = Secp256k1PrivateKey.generate(RANDOM);
      Home home =
          Home.create(
              peer.home(),
              peer.config().withPasswordFile(PASSWORD_FILE),
              password.toCharArray(),
              device,
              homes.isEmpty() ? Optional.of(owner) : Optional.empty());
      DurableFiles.write(
          peer.home().resolve(PASSWORD_FILE), password.getBytes(StandardCharsets.US_ASCII));
      homes.add(home);
      devices.add(device.publicKey());
    }
    List<Genesis.Founder> founders = new ArrayList<>();
    for (int i = 0; i < homes.size(); i++) {
      HomeConfig config = peers.get(i).config();
      founders.add(
          new Genesis.Founder(
              devices.get(i).peerId(),
              config.name(),
              config.site(),
              grant(Bytes32.ZERO, owner, devices.get(i))));
    }
    Genesis genesis =
        new Genesis(
            name,
            System.currentTimeMillis(),
            founders,
            IntStream.range(0, Genesis.committeeSizeFor(homes.size())).boxed().toList(),
            Genesis.Parameters.LAN);
    for (int i = 0; i < homes.size(); i++) {
      Home home = homes.get(i);
      home.config(home.config().withBootstrap(addressesOfOthers(peers, devices, i)));
      enter(home, genesis, founders.get(i).grant());
    }
    return genesis;
  }

  /** A founder that votes gets an empty journal first: one that is missing later was lost. */
  private static void enter(Home home, Genesis genesis, DeviceGrant grant) throws IOException {
    if (genesis.validators().contains(grant.device()) && !home.hasRealm()) {
      LedgerReplica.format(genesis, home.dataFolder(Home.LEDGER));
    }
    home.enterRealm(genesis, grant);
  }

  /** The owner's consent that a device acts for the owner, with the owner's root for the device. */
  static DeviceGrant grant(Bytes32 realmId, Secp256k1PrivateKey owner, Secp256k1PublicKey device) {
    Bytes ownerKey = owner.publicKey().raw();
    PeerId deviceId = device.peerId();
    Bytes wrapped = OwnerRoot.of(owner).wrapFor(device, RANDOM);
    Bytes message = DeviceGrant.message(realmId, ownerKey, deviceId, 0, wrapped);
    return new DeviceGrant(ownerKey, deviceId, 0, wrapped, Signatures.sign(owner, message));
  }

  /** Whether the owner that a grant names signed it, for this realm and this device. */
  static boolean valid(DeviceGrant grant, Bytes32 realmId, PeerId device) {
    return grant.device().equals(device)
        && Signatures.verify(grant.owner(), grant.message(realmId), grant.ownerSignature());
  }

  private static List<Multiaddr> addressesOfOthers(
      List<LocalPeer> peers, List<Secp256k1PublicKey> devices, int self) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (int i = 0; i < peers.size() && addresses.size() < HomeConfig.BOOTSTRAP_MAX; i++) {
      List<Multiaddr> listen = peers.get(i).config().listen();
      if (i != self && !listen.isEmpty()) {
        addresses.add(listen.getFirst().withPeer(devices.get(i).peerId()));
      }
    }
    return addresses;
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
