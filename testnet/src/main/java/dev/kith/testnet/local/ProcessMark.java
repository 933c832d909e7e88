package dev.kith.testnet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that can be told from a later one with the same pid. Its file holds {@code pid start},
 * the start in milliseconds since 1970.
 */
record ProcessMark(long pid, long startedMillis) {
  /** The system's clock ticks are coarse, and its boot time is only known to the second. */
  private static final long TOLERANCE_MILLIS = 2_000;

  static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(process.pid(), started(process));
  }

  /** Empty where there is no file, or not one of this kind. */
  static Optional<ProcessMark> read(Path file) throws IOException {
    try {
      String[] words = Files.readString(file).strip().split(" ");
      return words.length == 2
          ? Optional.of(new ProcessMark(Long.parseLong(words[0]), Long.parseLong(words[1])))
          : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Replaces the file as a whole. */
  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, pid + " " + startedMillis + "\n");
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** That very process, where it still runs; never another one that was given its pid since. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(p -> Math.abs(started(p) - startedMillis) <= TOLERANCE_MILLIS);
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
