package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One range of a file (RFC 9110, 14.1.2). Several at once are answered with the whole, as the RFC
 * allows.
 *
 * @param partial whether the client asked for less than the whole
 */
record ByteRange(long offset, long length, boolean partial) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  static ByteRange of(@Nullable String header, long size) throws NodeException {
    Matcher form = FORM.matcher(header == null ? "" : header.strip());
    if (!form.matches() || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
      return new ByteRange(0, size, false);
    }
    long first;
    long last = size - 1;
    if (form.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(form.group(2)));
    } else {
      first = Long.parseLong(form.group(1));
      if (!form.group(2).isEmpty()) {
        last = Math.min(last, Long.parseLong(form.group(2)));
      }
    }
    if (first > last) {
      throw new NodeException(
          Problem.BAD_REQUEST, "range: the file has " + size + " bytes, from 0");
    }
    return new ByteRange(first, last - first + 1, true);
  }
}
