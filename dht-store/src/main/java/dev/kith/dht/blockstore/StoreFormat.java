package dev.kith.dht.blockstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file that says which format a store's folder has. */
final class StoreFormat {
  private static final String FILE = "format";
  private static final String PREFIX = "kith-blockstore ";
  private static final int VERSION = 1;
  private static final int BYTES_MAX = 64;

  private StoreFormat() {}

  /**
   * Checks the folder's format, or writes it where the folder is new.
   *
   * @throws StoreFormatException when it has another one
   */
  static void check(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    String wanted = PREFIX + VERSION + "\n";
    if (!Files.exists(file)) {
      write(file, wanted);
      return;
    }
    String found =
        Files.size(file) > BYTES_MAX ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
    if (!found.equals(wanted)) {
      throw new StoreFormatException(
          folder
              + ": this version of Kith reads block stores of format "
              + VERSION
              + ", this one says \""
              + found.strip()
              + "\"");
    }
  }

  /** Makes new and vanished names in a folder durable. */
  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling(FILE + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(StandardCharsets.US_ASCII.encode(text));
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }
}
