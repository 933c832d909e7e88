package dev.kith.node.jobs;

import dev.kith.ledger.record.TaskOpen;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Cuts inputs into parts, reading them as streams where it must. A part never spans two inputs; an
 * input's last part may be shorter; an empty input has no part, other than under {@code files}.
 */
final class Splitter {
  private Splitter() {}

  /**
   * @param inputs files of this peer
   * @throws NodeException BAD_REQUEST where the rule does not fit the inputs or makes too many
   *     parts
   */
  static PartTable split(Split split, List<Path> inputs) throws IOException {
    return switch (split) {
      case Split.Files _ -> files(inputs);
      case Split.Size size -> sizes(size.bytes(), inputs);
      case Split.Lines lines -> lines(lines.count(), inputs);
      case Split.Range range -> range(range, inputs);
    };
  }

  private static PartTable files(List<Path> inputs) throws IOException {
    PartTable.Builder parts = new PartTable.Builder();
    for (int i = 0; i < inputs.size(); i++) {
      add(parts, i, 0, Files.size(inputs.get(i)));
    }
    return parts.build();
  }

  private static PartTable sizes(long bytes, List<Path> inputs) throws IOException {
    require(bytes >= 1, "bytes: below 1");
    require(!inputs.isEmpty(), "split by bytes, but there is no input");
    PartTable.Builder parts = new PartTable.Builder();
    for (int i = 0; i < inputs.size(); i++) {
      long size = Files.size(inputs.get(i));
      for (long at = 0; at < size; at += bytes) {
        add(parts, i, at, Math.min(bytes, size - at));
      }
    }
    return parts.build();
  }

  private static PartTable lines(int count, List<Path> inputs) throws IOException {
    require(count >= 1, "lines: below 1");
    require(!inputs.isEmpty(), "split by lines, but there is no input");
    PartTable.Builder parts = new PartTable.Builder();
    byte[] buffer = new byte[64 << 10];
    for (int i = 0; i < inputs.size(); i++) {
      long start = 0;
      long position = 0;
      int lines = 0;
      try (InputStream in = Files.newInputStream(inputs.get(i))) {
        for (int n; (n = in.read(buffer)) > 0; position += n) {
          for (int b = 0; b < n; b++) {
            if (buffer[b] == '\n' && ++lines == count) {
              long end = position + b + 1;
              add(parts, i, start, end - start);
              start = end;
              lines = 0;
            }
          }
        }
      }
      if (position > start) {
        add(parts, i, start, position - start);
      }
    }
    return parts.build();
  }

  private static PartTable range(Split.Range range, List<Path> inputs) throws NodeException {
    require(inputs.isEmpty(), "split by range, and there are inputs: a part of a range reads none");
    require(range.first() <= range.last(), "range: its first number is above its last");
    long count = range.last() - range.first() + 1;
    if (count < 1 || count > TaskOpen.PARTS_MAX) {
      throw tooMany();
    }
    return PartTable.numbers(range.first(), (int) count);
  }

  private static void add(PartTable.Builder parts, int input, long offset, long length)
      throws NodeException {
    if (parts.count() == TaskOpen.PARTS_MAX) {
      throw tooMany();
    }
    parts.add(input, offset, length);
  }

  private static NodeException tooMany() {
    return new NodeException(
        Problem.BAD_REQUEST,
        "the split makes more than " + TaskOpen.PARTS_MAX + " parts; cut larger ones");
  }

  private static void require(boolean holds, String message) throws NodeException {
    if (!holds) {
      throw new NodeException(Problem.BAD_REQUEST, message);
    }
  }
}
