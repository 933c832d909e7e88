package dev.kith.node.realm;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.replica.LedgerReplica;
import dev.kith.libp2p.identity.Keystore;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.WrongPasswordException;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The folder of one peer: its settings, its keys, its realm's genesis, and what it stores. One
 * process at a time runs a peer in it ({@link #lock}); commands may read it meanwhile.
 */
public final class Home {
  /** The version of the whole folder's layout and formats. */
  public static final int FORMAT = 2;

  /** The name of the ledger's data folder. */
  public static final String LEDGER = "ledger";

  private static final String FORMAT_NAME = "kith-home ";
  private static final int TOKEN_BYTES = 32;
  private static final int PASSWORD_FILE_BYTES_MAX = 1024;

  private final Path folder;

  private Home(Path folder) {
    this.folder = folder;
  }

  /**
   * The home in this folder.
   *
   * @throws NodeException NOT_FOUND where there is none, WRONG_FORMAT where another version of Kith
   *     made it
   */
  public static Home open(Path folder) throws IOException {
    Home home = new Home(folder);
    String format;
    try {
      format = Files.readString(home.formatFile()).strip();
    } catch (NoSuchFileException e) {
      throw new NodeException(
          Problem.NOT_FOUND, "there is no home in " + folder + " (make one with: kith init)", e);
    }
    if (!format.equals(FORMAT_NAME + FORMAT)) {
      throw new NodeException(
          Problem.WRONG_FORMAT,
          folder
              + " is of the format '"
              + format.lines().findFirst().orElse("")
              + "', and this Kith reads '"
              + FORMAT_NAME
              + FORMAT
              + "' only; it was left as it is");
    }
    return home;
  }

  /** Whether {@link #open} would find a home, of whatever format. */
  public static boolean existsIn(Path folder) {
    return Files.exists(new Home(folder).formatFile());
  }

  /**
   * Makes a home. Its format file comes last, so that a home that was cut short while it was made
   * is none.
   *
   * @param device a new key
   * @param owner the owner's key, where this device is to hold it
   * @throws NodeException ALREADY_EXISTS
   */
  public static Home create(
      Path folder,
      HomeConfig config,
      char[] password,
      Secp256k1PrivateKey device,
      Optional<Secp256k1PrivateKey> owner)
      throws IOException {
    if (existsIn(folder)) {
      throw new NodeException(
          Problem.ALREADY_EXISTS,
          "there is a home in " + folder + " already; it was left as it is");
    }
    Home home = new Home(folder);
    DurableFiles.makeFolder(folder);
    Keystore.create(home.deviceKeystore(), password, device);
    if (owner.isPresent()) {
      Keystore.create(home.ownerKeystore(), password, owner.get());
    }
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    home.write(home.tokenFile(), HexFormat.of().formatHex(token) + "\n");
    home.config(config);
    home.write(home.formatFile(), FORMAT_NAME + FORMAT + "\n");
    return home;
  }

  public Path folder() {
    return folder;
  }

  public HomeConfig config() throws IOException {
    return ConfigFile.read(configFile());
  }

  /** Writes the settings; a running daemon takes them up when it starts next. */
  public void config(HomeConfig config) throws IOException {
    ConfigFile.write(configFile(), config);
  }

  /** Takes the home for a daemon of this process. */
  public HomeLock lock() throws IOException {
    return HomeLock.take(folder.resolve("lock"), folder);
  }

  /** The daemon that serves here, if one does. */
  public Optional<DaemonInfo> daemon() throws IOException {
    return DaemonInfo.read(daemonFile()).filter(DaemonInfo::alive);
  }

  public void daemonServes(DaemonInfo info) throws IOException {
    info.write(daemonFile());
  }

  public void daemonEnded() throws IOException {
    Files.deleteIfExists(daemonFile());
  }

  /** What clients show to the HTTP API. */
  public String apiToken() throws IOException {
    return Files.readString(tokenFile()).strip();
  }

  /**
   * The device's key.
   *
   * @throws NodeException NOT_ALLOWED where the password is wrong
   */
  public Secp256k1PrivateKey deviceKey(char[] password) throws IOException {
    return unlock(deviceKeystore(), password);
  }

  public boolean holdsOwnerKey() {
    return Files.exists(ownerKeystore());
  }

  /**
   * The owner's key.
   *
   * @throws NodeException NOT_ALLOWED where the password is wrong, or this device does not hold it
   */
  public Secp256k1PrivateKey ownerKey(char[] password) throws IOException {
    if (!holdsOwnerKey()) {
      throw new NodeException(
          Problem.NOT_ALLOWED,
          "this device does not hold the owner's key; use the device where kith init was run with"
              + " the phrase");
    }
    return unlock(ownerKeystore(), password);
  }

  /** Holds an owner's key from now on; there must be none yet. */
  public void keepOwner(char[] password, Secp256k1PrivateKey owner) throws IOException {
    if (holdsOwnerKey()) {
      throw new IllegalStateException("another owner's key is here");
    }
    Keystore.create(ownerKeystore(), password, owner);
  }

  /** Holds no owner's key any more. */
  public void forgetOwner() throws IOException {
    Files.deleteIfExists(ownerKeystore());
  }

  /** Takes back {@link #create}, for a home that came to nothing; leaves what is not of a home. */
  public void discard() throws IOException {
    for (Path file :
        List.of(formatFile(), configFile(), tokenFile(), ownerKeystore(), deviceKeystore())) {
      Files.deleteIfExists(file);
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException e) {
      return; // it was there before, or holds something of the user's
    }
  }

  private static Secp256k1PrivateKey unlock(Path keystore, char[] password) throws IOException {
    try {
      return Keystore.load(keystore, password);
    } catch (WrongPasswordException e) {
      throw new NodeException(Problem.NOT_ALLOWED, "wrong password for " + keystore, e);
    }
  }

  /** The password that the settings name a file for. */
  public Optional<char[]> storedPassword() throws IOException {
    Optional<String> file = config().passwordFile();
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(readPassword(folder.resolve(file.get())));
  }

  /** The first line of a password file. */
  public static char[] readPassword(Path file) throws IOException {
    if (Files.size(file) > PASSWORD_FILE_BYTES_MAX) {
      throw new NodeException(Problem.BAD_REQUEST, file + " is too long for a password file");
    }
    return Files.readString(file).lines().findFirst().orElse("").toCharArray();
  }

  /** Whether this peer belongs to a realm. */
  public boolean hasRealm() {
    return Files.exists(genesisFile());
  }

  /**
   * @throws NodeException NOT_FOUND where the peer belongs to no realm yet
   */
  public Genesis genesis() throws IOException {
    try {
      return Genesis.decode(Bytes.wrap(Files.readAllBytes(genesisFile())));
    } catch (NoSuchFileException e) {
      throw new NodeException(
          Problem.NOT_FOUND,
          "this peer belongs to no realm yet (kith realm create, or kith join TICKET)",
          e);
    } catch (DecodeException e) {
      throw new NodeException(
          Problem.DATA_CORRUPT, genesisFile() + " is damaged: " + e.getMessage(), e);
    }
  }

  /** The owner's consent that this device acts for the owner. */
  public DeviceGrant grant() throws IOException {
    try {
      return Reader.whole(Bytes.wrap(Files.readAllBytes(grantFile())), DeviceGrant::read);
    } catch (DecodeException e) {
      throw new NodeException(
          Problem.DATA_CORRUPT, grantFile() + " is damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Enters a realm.
   *
   * @throws NodeException ALREADY_EXISTS where the peer belongs to one already
   */
  public void enterRealm(Genesis genesis, DeviceGrant grant) throws IOException {
    if (hasRealm()) {
      throw new NodeException(
          Problem.ALREADY_EXISTS,
          "this peer belongs to the realm '"
              + genesis().name()
              + "' already; a second realm needs"
              + " a second home");
    }
    Writer bytes = new Writer();
    grant.write(bytes);
    DurableFiles.write(grantFile(), bytes.toArray());
    if (genesis.validators().contains(grant.device())) {
      // Only now, and never again: a validator whose ledger is missing later must not vote.
      LedgerReplica.format(genesis, ledgerFolder());
    }
    DurableFiles.write(genesisFile(), genesis.encode().toArray());
  }

  /** Where this peer keeps its replica of the ledger. */
  public Path ledgerFolder() throws IOException {
    return dataFolder("ledger");
  }

  /** A folder of its own for one part of the daemon, made where it is absent. */
  public Path dataFolder(String name) throws IOException {
    Path data = folder.resolve(name);
    DurableFiles.makeFolder(data);
    return data;
  }

  public Path logFile() {
    return folder.resolve("log").resolve("kith.log");
  }

  private Path formatFile() {
    return folder.resolve("format");
  }

  private Path configFile() {
    return folder.resolve("config.toml");
  }

  private Path deviceKeystore() {
    return folder.resolve("keystore.json");
  }

  private Path ownerKeystore() {
    return folder.resolve("owner.json");
  }

  private Path tokenFile() {
    return folder.resolve("api-token");
  }

  private Path daemonFile() {
    return folder.resolve("daemon.properties");
  }

  private Path genesisFile() {
    return folder.resolve("genesis");
  }

  private Path grantFile() {
    return folder.resolve("grant");
  }

  private void write(Path file, String text) throws IOException {
    DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
