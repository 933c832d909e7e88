package dev.kith.node.realm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The settings in {@code config.toml}.
 *
 * @param name what people call the device; at most 64 bytes of UTF-8
 * @param site the declared site, or empty; peers of one site share a network segment
 * @param listen where peers reach this one; empty = the first free port from 4747 on all addresses
 * @param apiPort of the HTTP API on loopback; 0 = any free port
 * @param passwordFile relative to the home; the daemon reads the keystore's password from it
 * @param bootstrap peers to find others by, each with {@code /p2p/ID}; at most 64
 * @param storageBytes the quota that this device lends to the store
 * @param computeSlots parts of jobs that it runs at once; 0 = none
 * @param computeMemoryMiB memory of one part
 * @param validates whether this device stands for a validator's seat while it is on mains power
 */
public record HomeConfig(
    String name,
    String site,
    List<Multiaddr> listen,
    int apiPort,
    Optional<String> passwordFile,
    List<Multiaddr> bootstrap,
    long storageBytes,
    int computeSlots,
    int computeMemoryMiB,
    boolean validates) {
  /** The most addresses to listen on. */
  public static final int LISTEN_MAX = 16;

  /** The most peers to start from. */
  public static final int BOOTSTRAP_MAX = 64;

  static final int NAME_BYTES_MAX = 64;

  public HomeConfig {
    listen = List.copyOf(listen);
    bootstrap = List.copyOf(bootstrap);
    check(!name.isBlank() && short64(name), "name: 1 to 64 bytes, no control characters");
    check(short64(site), "site: at most 64 bytes, no control characters");
    check(listen.size() <= LISTEN_MAX, "listen: at most " + LISTEN_MAX + " addresses");
    check(bootstrap.size() <= BOOTSTRAP_MAX, "bootstrap: at most " + BOOTSTRAP_MAX + " addresses");
    check(apiPort >= 0 && apiPort <= 65_535, "api-port must be 0 to 65535, and is " + apiPort);
    check(storageBytes >= 0, "storage.quota: negative");
    check(computeSlots >= 0 && computeSlots <= 256, "compute.slots: 0 to 256");
    check(computeMemoryMiB >= 1 && computeMemoryMiB <= 2047, "compute.memory-mib: 1 to 2047");
  }

  /** What a new home starts with. */
  public static HomeConfig defaults(String name, long storageBytes) {
    int slots = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new HomeConfig(
        name, "", List.of(), 0, Optional.empty(), List.of(), storageBytes, slots, 256, true);
  }

  public HomeConfig withListen(List<Multiaddr> addresses) {
    return new HomeConfig(
        name,
        site,
        addresses,
        apiPort,
        passwordFile,
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withApiPort(int port) {
    return new HomeConfig(
        name,
        site,
        listen,
        port,
        passwordFile,
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withName(String newName) {
    return new HomeConfig(
        newName,
        site,
        listen,
        apiPort,
        passwordFile,
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withSite(String newSite) {
    return new HomeConfig(
        name,
        newSite,
        listen,
        apiPort,
        passwordFile,
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withPasswordFile(String file) {
    return new HomeConfig(
        name,
        site,
        listen,
        apiPort,
        Optional.of(file),
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withBootstrap(List<Multiaddr> peers) {
    return new HomeConfig(
        name,
        site,
        listen,
        apiPort,
        passwordFile,
        peers,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withStorageBytes(long bytes) {
    return new HomeConfig(
        name,
        site,
        listen,
        apiPort,
        passwordFile,
        bootstrap,
        bytes,
        computeSlots,
        computeMemoryMiB,
        validates);
  }

  public HomeConfig withCompute(int slots, int memoryMiB) {
    return new HomeConfig(
        name,
        site,
        listen,
        apiPort,
        passwordFile,
        bootstrap,
        storageBytes,
        slots,
        memoryMiB,
        validates);
  }

  public HomeConfig withValidates(boolean stands) {
    return new HomeConfig(
        name,
        site,
        listen,
        apiPort,
        passwordFile,
        bootstrap,
        storageBytes,
        computeSlots,
        computeMemoryMiB,
        stands);
  }

  private static boolean short64(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX
        && text.chars().noneMatch(Character::isISOControl);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
