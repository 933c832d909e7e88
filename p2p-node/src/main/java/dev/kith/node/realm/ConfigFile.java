package dev.kith.node.realm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * {@code config.toml}: read strictly, so that a misspelt setting is not silently ignored; written
 * whole, with an explanation beside each setting.
 */
final class ConfigFile {
  /** The longest file that is read, in bytes. */
  static final int BYTES_MAX = 64 << 10;

  private static final Set<String> KEYS =
      Set.of(
          "name",
          "site",
          "listen",
          "api-port",
          "password-file",
          "bootstrap",
          "validator",
          "storage",
          "compute");
  private static final Set<String> STORAGE_KEYS = Set.of("quota");
  private static final Set<String> COMPUTE_KEYS = Set.of("slots", "memory-mib");

  private ConfigFile() {}

  static HomeConfig read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw broken(file, "longer than " + BYTES_MAX + " bytes");
    }
    try {
      return parse(new TomlMapper().readTree(Files.readString(file)));
    } catch (JacksonException e) {
      throw broken(file, e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw broken(file, String.valueOf(e.getMessage()));
    }
  }

  private static HomeConfig parse(JsonNode root) {
    checkKeys(root, KEYS, "");
    JsonNode storage = root.path("storage");
    JsonNode compute = root.path("compute");
    checkKeys(storage, STORAGE_KEYS, "storage.");
    checkKeys(compute, COMPUTE_KEYS, "compute.");
    HomeConfig defaults = HomeConfig.defaults("device", 0);
    JsonNode passwordFile = root.path("password-file");
    return new HomeConfig(
        text(root, "name", defaults.name()),
        text(root, "site", defaults.site()),
        addresses(root, "listen"),
        number(root, "api-port", defaults.apiPort()),
        passwordFile.isMissingNode()
            ? Optional.empty()
            : Optional.of(text(root, "password-file", "")),
        addresses(root, "bootstrap"),
        ByteSize.parse(text(storage, "quota", "0")),
        number(compute, "slots", defaults.computeSlots()),
        number(compute, "memory-mib", defaults.computeMemoryMiB()),
        flag(root, "validator", defaults.validates()));
  }

  static void write(Path file, HomeConfig config) throws IOException {
    DurableFiles.write(file, render(config).getBytes(StandardCharsets.UTF_8));
  }

  private static String render(HomeConfig config) {
    return """
    # Settings of this peer; the daemon reads them when it starts. Commands that change a setting
    # write this file anew, comments and all.

    # What people call this device.
    name = %s

    # Where it stands. Copies of a file go to different sites, where there are several.
    site = %s

    # Where other peers reach it. Empty: the first free port from 4747 on, on all addresses.
    listen = %s

    # The HTTP API, on loopback only. 0: any free port.
    api-port = %d

    # A file, relative to this folder, with the keystore's password; without it, KITH_PASSWORD.
    %s

    # Peers to find the others by.
    bootstrap = %s

    # Whether it may become a validator of the ledger. Even then it is none while on battery.
    validator = %s

    [storage]
    # What this device lends to the store.
    quota = "%s"

    [compute]
    # Parts of jobs that run here at once (0: none), and the memory that each may use.
    slots = %d
    memory-mib = %d
    """
        .formatted(
            quote(config.name()),
            quote(config.site()),
            list(config.listen()),
            config.apiPort(),
            config
                .passwordFile()
                .map(path -> "password-file = " + quote(path))
                .orElse("# password-file = \"password\""),
            list(config.bootstrap()),
            config.validates(),
            ByteSize.format(config.storageBytes()),
            config.computeSlots(),
            config.computeMemoryMiB());
  }

  private static String list(List<Multiaddr> addresses) {
    return addresses.stream()
        .map(address -> quote(address.toString()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static List<Multiaddr> addresses(JsonNode node, String key) {
    JsonNode list = node.path(key);
    check(list.isMissingNode() || list.isArray(), key + ": must be a list of addresses");
    return list.valueStream()
        .map(
            element -> {
              check(element.isString(), key + ": must be a list of addresses in quotes");
              return Multiaddr.parse(element.asString());
            })
        .toList();
  }

  private static String text(JsonNode node, String key, String absent) {
    JsonNode value = node.path(key);
    check(value.isMissingNode() || value.isString(), key + ": must be text in quotes");
    return value.isMissingNode() ? absent : value.asString();
  }

  private static int number(JsonNode node, String key, int absent) {
    JsonNode value = node.path(key);
    check(value.isMissingNode() || value.canConvertToInt(), key + ": must be a whole number");
    return value.isMissingNode() ? absent : value.asInt();
  }

  private static boolean flag(JsonNode node, String key, boolean absent) {
    JsonNode value = node.path(key);
    check(value.isMissingNode() || value.isBoolean(), key + ": must be true or false");
    return value.isMissingNode() ? absent : value.asBoolean();
  }

  private static void checkKeys(JsonNode node, Set<String> known, String prefix) {
    for (String key : node.propertyNames()) {
      check(known.contains(key), prefix + key + ": unknown setting");
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  private static NodeException broken(Path file, String why) {
    return new NodeException(Problem.BAD_REQUEST, file + ": " + why);
  }
}
