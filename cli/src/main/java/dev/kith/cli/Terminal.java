package dev.kith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells which of this process's streams are a terminal. */
final class Terminal {
  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final Path STDOUT = Path.of("/proc/self/fd/1");

  private Terminal() {}

  /**
   * Whether stderr is a terminal. The JDK tells only whether stdin and stdout are; where the system
   * has no /proc, that answer is taken.
   */
  static boolean stderr(boolean otherwise) {
    return is(STDERR, otherwise);
  }

  static boolean stdout(boolean otherwise) {
    return is(STDOUT, otherwise);
  }

  private static boolean is(Path descriptor, boolean otherwise) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return otherwise;
    }
  }
}
