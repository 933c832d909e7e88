package dev.kith.node.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import run.endive.wasm.Version;

/**
 * Programs and their compiled forms as files named by the program's SHA-256: {@code HASH.wasm} and
 * {@code HASH-VERSION.jar}, where VERSION is the compiler's, so that another one compiles anew.
 * Everything here can be had again, so nothing is fsynced; a file appears by a rename and is
 * checked when it comes in. When the room is spent, the files used least lately go. Thread-safe.
 */
final class ProgramStore {
  private static final String MODULE = ".wasm";
  private static final String COMPILED = ".jar";
  private static final String TEMPORARY = ".tmp";

  private final Path folder;
  private final long bytesMax;

  private ProgramStore(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  static ProgramStore open(Path folder, long bytesMax) throws IOException {
    Files.createDirectories(folder);
    ProgramStore store = new ProgramStore(folder, bytesMax);
    for (Path left : store.files()) {
      if (left.toString().endsWith(TEMPORARY)) {
        Files.deleteIfExists(left);
      }
    }
    return store;
  }

  boolean has(Bytes32 program) {
    return Files.isRegularFile(module(program));
  }

  /** The module's file; touched, so that it stays. */
  Path use(Bytes32 program) throws IOException {
    Path file = module(program);
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      throw new IOException("program " + program.toUnprefixedHexString() + " is not kept here", e);
    }
    return file;
  }

  Optional<Path> compiled(Bytes32 program) {
    return Optional.of(compiledFile(program)).filter(Files::isRegularFile);
  }

  boolean add(Bytes32 program, InputStream content, long length) throws IOException {
    MessageDigest digest = sha256();
    Path temporary = Files.createTempFile(folder, "module", TEMPORARY);
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        InputStream in = new DigestInputStream(content, digest);
        byte[] buffer = new byte[64 << 10];
        for (long left = length; left > 0; ) {
          int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
          if (count < 0) {
            return false;
          }
          out.write(buffer, 0, count);
          left -= count;
        }
      }
      if (!Bytes32.wrap(digest.digest()).equals(program)) {
        return false;
      }
      publish(temporary, module(program));
      return true;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** A new file for {@link #addCompiled}. */
  Path temporary() throws IOException {
    return Files.createTempFile(folder, "compiled", TEMPORARY);
  }

  void addCompiled(Bytes32 program, Path temporary) throws IOException {
    publish(temporary, compiledFile(program));
  }

  private synchronized void publish(Path temporary, Path file) throws IOException {
    makeRoom(Files.size(temporary));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void makeRoom(long wanted) throws IOException {
    record Kept(Path path, long bytes, FileTime used) {}
    List<Kept> kept = new ArrayList<>();
    long total = wanted;
    for (Path path : files()) {
      Kept file = new Kept(path, Files.size(path), Files.getLastModifiedTime(path));
      total += file.bytes;
      if (!path.toString().endsWith(TEMPORARY)) {
        kept.add(file);
      }
    }
    kept.sort(Comparator.comparing(Kept::used));
    for (Kept file : kept) {
      if (total <= bytesMax) {
        return;
      }
      Files.deleteIfExists(file.path);
      total -= file.bytes;
    }
  }

  private List<Path> files() throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(paths::add);
    }
    return paths;
  }

  private Path module(Bytes32 program) {
    return folder.resolve(program.toUnprefixedHexString() + MODULE);
  }

  private Path compiledFile(Bytes32 program) {
    return folder.resolve(
        program.toUnprefixedHexString() + "-endive-" + Version.version() + COMPILED);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
