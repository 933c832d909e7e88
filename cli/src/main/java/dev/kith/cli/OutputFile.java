package dev.kith.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A local file that appears under its name at once and whole, or not at all: it is written beside
 * its place under another name, and moved there. What is there already and is no file, such as a
 * device or a pipe, is written into instead; a link is followed.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final OutputStream out;
  private boolean moved;

  private OutputFile(Path target, Path temporary, OutputStream out) {
    this.target = target;
    this.temporary = temporary;
    this.out = out;
  }

  /** Whether {@code target} may be written into: a device or a pipe, which nothing replaces. */
  static boolean isSpecial(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  /** Fails where {@link #create} would, before work is done in vain. */
  static void check(Path target) throws IOException {
    if (!isSpecial(target)) {
      create(target).close();
    }
  }

  static OutputFile create(Path target) throws IOException {
    Path whole = Files.isSymbolicLink(target) ? resolved(target) : target.toAbsolutePath();
    if (isSpecial(whole)) {
      return new OutputFile(whole, whole, Files.newOutputStream(whole, StandardOpenOption.WRITE));
    }
    if (Files.isDirectory(whole)) {
      throw new FileSystemException(target.toString(), null, "is a folder");
    }
    Path folder = whole.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      String wrong = Files.exists(folder) ? "is no folder" : "no such folder";
      throw new FileSystemException(String.valueOf(target.getParent()), null, wrong);
    }
    String name =
        "." + whole.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = whole.resolveSibling(name + ".kith");
    OutputStream out =
        Files.newOutputStream(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    temporary.toFile().deleteOnExit(); // on Ctrl-C too
    return new OutputFile(whole, temporary, out);
  }

  /** Where a link leads, also when nothing is there yet. */
  private static Path resolved(Path link) throws IOException {
    try {
      return link.toRealPath();
    } catch (NoSuchFileException e) {
      return link.toAbsolutePath().resolveSibling(Files.readSymbolicLink(link)).normalize();
    }
  }

  private boolean direct() {
    return temporary.equals(target);
  }

  OutputStream stream() {
    return out;
  }

  /**
   * @param millis since 1970; 0 = leave it
   */
  void modified(long millis) throws IOException {
    out.flush();
    if (millis > 0 && !direct()) {
      Files.setLastModifiedTime(temporary, FileTime.fromMillis(millis));
    }
  }

  /**
   * Gives the file its name.
   *
   * @throws FileAlreadyExistsException when there is one and {@code replace} is not set
   */
  void appear(boolean replace) throws IOException {
    out.close();
    if (direct()) {
      return;
    }
    if (replace) {
      moveOver();
    } else {
      moveToFreeName();
    }
    moved = true;
  }

  private void moveOver() throws IOException {
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A hard link fails where the name is taken, which an atomic rename does not. */
  private void moveToFreeName() throws IOException {
    try {
      Files.createLink(target, temporary);
      Files.delete(temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      Files.move(temporary, target); // a file system without links
    }
  }

  /** Removes what did not appear. */
  @Override
  public void close() throws IOException {
    out.close();
    if (!moved && !direct()) {
      Files.deleteIfExists(temporary);
    }
  }
}
