package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Files that clients sent for jobs that they are about to start. They live only as long as this
 * process, and are forgotten when no job takes them. Thread-safe.
 */
final class Spool {
  /** How many files may wait. */
  static final int FILES_MAX = 20_000;

  /** How long a file waits for its job. */
  static final Duration WAIT_MAX = Duration.ofHours(1);

  /** Room that is left on the disk, so that a large input cannot stop the store. */
  static final long FREE_BYTES_MIN = 256L << 20;

  private static final int BUFFER_BYTES = 64 << 10;
  private static final int CHECK_EVERY_BUFFERS = 64;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private final Path folder;
  private final SecureRandom random = new SecureRandom();

  private Spool(Path folder) {
    this.folder = folder;
  }

  /** Empties the folder: what lies there belongs to clients of an earlier run. */
  static Spool open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Spool spool = new Spool(folder);
    spool.deleteBefore(Instant.MAX);
    return spool;
  }

  /** A file that arrived. */
  record Spooled(String id, long bytes) {}

  Spooled write(InputStream content) throws IOException {
    if (deleteBefore(Instant.now().minus(WAIT_MAX)) >= FILES_MAX) {
      throw new NodeException(
          Problem.QUOTA_FULL, FILES_MAX + " uploaded files wait for their jobs already");
    }
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Path file = folder.resolve(id);
    boolean whole = false;
    try {
      long size = copy(content, file);
      whole = true;
      return new Spooled(id, size);
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  private long copy(InputStream content, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long buffers = 0; ; buffers++) {
        if (buffers % CHECK_EVERY_BUFFERS == 0
            && Files.getFileStore(folder).getUsableSpace() < FREE_BYTES_MIN) {
          throw new NodeException(
              Problem.DISK_FULL, "this device has less than 256 MiB of free disk left");
        }
        int read = content.read(buffer);
        if (read < 0) {
          return size;
        }
        out.write(buffer, 0, read);
        size += read;
      }
    }
  }

  /** Where an uploaded file lies. */
  Path file(String id) throws NodeException {
    Path file = folder.resolve(ID.matcher(id).matches() ? id : "none");
    if (!Files.isRegularFile(file)) {
      throw new NodeException(Problem.NOT_FOUND, "no uploaded file has the id " + id);
    }
    return file;
  }

  /** Returns how many are left. */
  private int deleteBefore(Instant time) throws IOException {
    int left = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (olderThan(time, file)) {
          Files.deleteIfExists(file);
        } else {
          left++;
        }
      }
    }
    return left;
  }

  private static boolean olderThan(Instant time, Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(time);
    } catch (NoSuchFileException e) {
      return true; // a job took it meanwhile
    }
  }
}
