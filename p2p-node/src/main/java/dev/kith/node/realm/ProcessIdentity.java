package dev.kith.node.realm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that can be told from a later one with the same pid. On Linux the birth is the boot's
 * id and the process's start in clock ticks since boot, which no change of the wall clock moves;
 * elsewhere it is the start in milliseconds since 1970.
 *
 * @param birth without white space
 */
public record ProcessIdentity(long pid, String birth) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Fields of /proc/PID/stat behind the command, which is in parentheses, up to the start. */
  private static final int START_FIELD = 19;

  public static ProcessIdentity of(ProcessHandle process) {
    return new ProcessIdentity(process.pid(), birth(process));
  }

  /**
   * Reads what {@link #toString} wrote; empty where it is something else.
   *
   * @param text pid and birth with a space between
   */
  public static Optional<ProcessIdentity> parse(String text) {
    String[] words = text.strip().split(" ", -1);
    try {
      return words.length == 2
          ? Optional.of(new ProcessIdentity(Long.parseLong(words[0]), words[1]))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** That very process, where it still runs. */
  public Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(p -> birth(p).equals(birth));
  }

  private static String birth(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Files.readString(BOOT).strip() + ":" + fields[START_FIELD];
    } catch (IOException | IndexOutOfBoundsException e) {
      // Not Linux, or the process has ended.
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L).toString();
    }
  }

  @Override
  public String toString() {
    return pid + " " + birth;
  }
}
