package dev.kith.node.files.names;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Paths in the owner's tree: absolute, segments parted by slashes. */
public final class Paths {
  public static final int PATH_BYTES_MAX = 4096;
  public static final int SEGMENT_BYTES_MAX = 255;

  /** Folders within folders. */
  public static final int DEPTH_MAX = 128;

  private Paths() {}

  /**
   * The segments of a path; none for the root.
   *
   * @throws NodeException BAD_REQUEST when it is no path
   */
  public static List<String> split(String path) throws NodeException {
    if (path.equals("/")) {
      return List.of();
    }
    if (!path.startsWith("/") || utf8Length(path) > PATH_BYTES_MAX) {
      throw bad(path, "a path begins with / and has at most " + PATH_BYTES_MAX + " bytes");
    }
    List<String> segments = List.of(path.substring(1).split("/", -1));
    if (segments.size() > DEPTH_MAX) {
      throw bad(path, "a path has at most " + DEPTH_MAX + " segments");
    }
    for (String segment : segments) {
      if (!isSegment(segment)) {
        throw bad(
            path,
            "each segment has 1 to "
                + SEGMENT_BYTES_MAX
                + " bytes, no control characters, and is neither . nor ..");
      }
    }
    return segments;
  }

  /** Whether {@link #split} takes it. */
  public static boolean isPath(String text) {
    try {
      split(text);
      return true;
    } catch (NodeException e) {
      return false;
    }
  }

  /** Undoes {@link #split}. */
  public static String join(List<String> segments) {
    return "/" + String.join("/", segments);
  }

  static boolean isSegment(String text) {
    return !text.isEmpty()
        && !text.equals(".")
        && !text.equals("..")
        && text.indexOf('/') < 0
        && text.codePoints().noneMatch(c -> c < 0x20 || c == 0x7f || isSurrogate(c))
        && utf8Length(text) <= SEGMENT_BYTES_MAX;
  }

  /** Half of a pair has no UTF-8. */
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static NodeException bad(String path, String rule) {
    String shown = path.length() > 80 ? path.substring(0, 80) + "..." : path;
    return new NodeException(Problem.BAD_REQUEST, "\"" + shown + "\": " + rule);
  }
}
