package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService.Split;

/**
 * The text form of a split: {@code files}, {@code lines:N}, {@code bytes:N}, {@code range:A..B}.
 */
final class SplitForm {
  private SplitForm() {}

  static Split parse(String text) throws NodeException {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    if (text.equals("files")) {
      return new Split.Files();
    }
    return switch (kind) {
      case "lines" -> new Split.Lines((int) number(text, rest, 1, Integer.MAX_VALUE));
      case "bytes" -> new Split.Size(number(text, rest, 1, Long.MAX_VALUE));
      case "range" -> range(text, rest);
      default -> throw bad(text);
    };
  }

  private static Split range(String text, String rest) throws NodeException {
    int dots = rest.indexOf("..");
    if (dots < 0) {
      throw bad(text);
    }
    long first = number(text, rest.substring(0, dots), Long.MIN_VALUE, Long.MAX_VALUE);
    long last = number(text, rest.substring(dots + 2), Long.MIN_VALUE, Long.MAX_VALUE);
    if (first > last) {
      throw new NodeException(Problem.BAD_REQUEST, "split: the range is empty: " + text);
    }
    return new Split.Range(first, last);
  }

  private static long number(String text, String digits, long least, long most)
      throws NodeException {
    try {
      long value = Long.parseLong(digits);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw bad(text);
    }
    throw bad(text);
  }

  private static NodeException bad(String text) {
    return Parameters.bad("split: must be files, lines:N, bytes:N or range:A..B, and is " + text);
  }
}
