package dev.kith.testnet.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * js-libp2p, by the scripts in testnet/interop/js. Their packages are installed by the lock file,
 * and again when that changes.
 */
public final class JsPeers implements Implementation {
  private static final int NODE_MAJOR_LEAST = 20;
  private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);

  private final Path folder;

  /**
   * @param testnet the folder of the module testnet, with its sources
   */
  public JsPeers(Path testnet) {
    this.folder = testnet.resolve("interop").resolve("js").toAbsolutePath();
  }

  @Override
  public String name() {
    return "js-libp2p";
  }

  @Override
  public String versions() throws IOException {
    JsonNode packages =
        JsonMapper.shared()
            .readTree(Files.readString(folder.resolve("package.json")))
            .path("dependencies");
    return Stream.of("libp2p", "@libp2p/kad-dht", "@libp2p/gossipsub", "@chainsafe/libp2p-quic")
        .map(name -> name + " " + packages.path(name).asString())
        .collect(Collectors.joining(", "));
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    String version;
    try {
      version = Implementation.run(folder, Duration.ofMinutes(1), "node", "--version").getFirst();
    } catch (IOException e) {
      throw new IOException("js-libp2p needs Node 20 or newer on PATH", e);
    }
    if (Integer.parseInt(version.substring(1, version.indexOf('.'))) < NODE_MAJOR_LEAST) {
      throw new IOException("js-libp2p needs Node 20 or newer, found " + version);
    }
    Path lock = folder.resolve("package-lock.json");
    Path installed = folder.resolve("node_modules").resolve(".kith-installed.json");
    if (!Files.exists(installed) || Files.mismatch(lock, installed) != -1) {
      Implementation.run(folder, INSTALL_TIMEOUT, "npm", "ci", "--silent");
      Files.copy(lock, installed);
    }
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public List<String> command(String mode) {
    return List.of("node", mode + ".js");
  }
}
