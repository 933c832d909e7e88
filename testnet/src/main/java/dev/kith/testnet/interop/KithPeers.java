package dev.kith.testnet.interop;

import dev.kith.node.daemon.DaemonLauncher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kith itself, in a JVM as its daemons have it. */
public final class KithPeers implements Implementation {
  @Override
  public String name() {
    return "kith";
  }

  @Override
  public String versions() {
    String version = KithPeers.class.getPackage().getImplementationVersion();
    return "kith " + (version == null ? "(unpackaged)" : version);
  }

  @Override
  public void prepare() {
    // It runs already.
  }

  @Override
  public Path folder() {
    return Path.of("").toAbsolutePath();
  }

  @Override
  public List<String> command(String mode) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(DaemonLauncher.jvmOptions());
    command.add("-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");
    command.add("-Dslf4j.internal.verbosity=WARN");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(KithProgram.class.getName());
    command.add(mode);
    return command;
  }
}
