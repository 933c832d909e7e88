package dev.kith.testnet.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** go-libp2p, by the program in testnet/interop/go. */
public final class GoPeers implements Implementation {
  private static final Duration BUILD_TIMEOUT = Duration.ofMinutes(15);
  private static final Pattern REQUIREMENT =
      Pattern.compile("(?m)^\\s+github\\.com/libp2p/(go-libp2p\\S*) v(\\S+)$");

  private final Path folder;
  private final Path program;

  /**
   * @param testnet the folder of the module testnet, with its sources
   */
  public GoPeers(Path testnet) {
    this.folder = testnet.resolve("interop").resolve("go").toAbsolutePath();
    this.program = testnet.resolve("target").resolve("interop").resolve("go-peer").toAbsolutePath();
  }

  @Override
  public String name() {
    return "go-libp2p";
  }

  @Override
  public String versions() throws IOException {
    StringBuilder versions = new StringBuilder();
    Matcher requirements = REQUIREMENT.matcher(Files.readString(folder.resolve("go.mod")));
    while (requirements.find()) {
      versions.append(versions.isEmpty() ? "" : ", ");
      versions.append(requirements.group(1)).append(' ').append(requirements.group(2));
    }
    return versions.toString();
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    Files.createDirectories(program.getParent());
    try {
      Implementation.run(folder, Duration.ofMinutes(1), "go", "version");
    } catch (IOException e) {
      throw new IOException("go-libp2p needs Go on PATH, of the version in interop/go/go.mod", e);
    }
    Implementation.run(folder, BUILD_TIMEOUT, "go", "build", "-o", program.toString(), ".");
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public List<String> command(String mode) {
    return List.of(program.toString(), mode);
  }
}
