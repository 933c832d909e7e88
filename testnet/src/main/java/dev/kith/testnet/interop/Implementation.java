package dev.kith.testnet.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A libp2p implementation beside Kith's: a program with the modes {@code listen} and {@code dial},
 * whose options and output are the same for all (testnet/interop/go/listen.go, dial.go).
 */
public interface Implementation {
  /** The name of its project. */
  String name();

  /** What is measured and tested: names and versions, as its lock file has them. */
  String versions() throws IOException;

  /**
   * Builds or installs the program, where that is not done yet. May take minutes the first time.
   *
   * @throws IOException when a tool is missing, which it names, or fails
   */
  void prepare() throws IOException, InterruptedException;

  /** Where the program is run. */
  Path folder();

  /** The program, without arguments, in a mode. */
  List<String> command(String mode);

  /** Starts it. */
  default ForeignPeer start(String mode, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(command(mode));
    command.addAll(arguments);
    String name = name() + " " + mode + " " + String.join(" ", arguments);
    return ForeignPeer.start(name, folder(), command);
  }

  /** Runs a tool to its end. */
  static List<String> run(Path folder, Duration timeout, String... command)
      throws IOException, InterruptedException {
    try (ForeignPeer tool =
        ForeignPeer.start(String.join(" ", command), folder, List.of(command))) {
      return tool.untilEnd(timeout);
    }
  }
}
