package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jobs' ids, as users type them: whole, or as much of them as no other job has. */
final class JobId {
  private static final int DIGITS = 64;
  private static final int DIGITS_MIN = 4;
  private static final int JOBS_MAX = 1000;

  private JobId() {}

  /**
   * The whole id, in lower case.
   *
   * @throws NodeException NOT_FOUND where none of the owner's newest jobs has it, BAD_REQUEST where
   *     several do
   */
  static String resolve(DaemonClient daemon, String text) throws IOException {
    String prefix = text.toLowerCase(Locale.ROOT);
    if (!prefix.matches("[0-9a-f]{" + DIGITS_MIN + "," + DIGITS + "}")) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "\""
              + text
              + "\" is no job: its id has 64 hexadecimal digits, and at least its first "
              + DIGITS_MIN
              + " are wanted (kith job list)");
    }
    if (prefix.length() == DIGITS) {
      return prefix;
    }
    List<String> found =
        daemon.getJson("jobs", Map.of("limit", JOBS_MAX)).elements().stream()
            .map(job -> job.text("job"))
            .filter(job -> job.startsWith(prefix))
            .toList();
    return switch (found.size()) {
      case 0 ->
          throw new NodeException(
              Problem.NOT_FOUND, "no job's id begins with " + text + " (kith job list)");
      case 1 -> found.getFirst();
      default ->
          throw new NodeException(
              Problem.BAD_REQUEST,
              found.size() + " jobs' ids begin with " + text + ": type more of it (kith job list)");
    };
  }
}
