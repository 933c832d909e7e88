package dev.kith.testnet.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.tuweni.bytes.Bytes;

/** Programs in files, good and bad. */
final class TestPrograms {
  private static final String HEADER = "0061736d01000000";

  /** One function type, () -> (). */
  private static final String TYPE = "010401600000";

  private TestPrograms() {}

  static Path wordCount(Path folder) throws IOException {
    Path file = folder.resolve("wordcount.wasm");
    try (InputStream in = TestPrograms.class.getResourceAsStream("/samples/wordcount.wasm")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** {@code _start} loops for ever. */
  static Path endless(Path folder) throws IOException {
    return write(
        folder.resolve("endless.wasm"),
        HEADER
            + TYPE
            + "03020100" // function 0 has type 0
            + "050301" // one memory ...
            + "0001" // ... of one page
            + "0713" // exports
            + "02"
            + "065f7374617274"
            + "0000"
            + "066d656d6f7279"
            + "0200"
            + "0a0901" // code
            + "0700"
            + "0340"
            + "0c00"
            + "0b"
            + "0b"); // loop, branch to it
  }

  /** Imports a function {@code gpu.render}, which nobody offers. */
  static Path foreignImport(Path folder) throws IOException {
    return write(
        folder.resolve("foreign.wasm"),
        HEADER
            + TYPE
            + "020e01"
            + "03677075"
            + "0672656e646572"
            + "0000"
            + "03020100"
            + "050301"
            + "0001"
            + "0713"
            + "02"
            + "065f7374617274"
            + "0001"
            + "066d656d6f7279"
            + "0200"
            + "0a040102"
            + "000b");
  }

  /** Wants a memory of so many pages of 64 KiB from the start. */
  static Path wantsPages(Path folder, int pages) throws IOException {
    String leb = leb128(pages);
    String memory = "01" + "00" + leb;
    return write(
        folder.resolve("greedy.wasm"),
        HEADER
            + TYPE
            + "03020100"
            + "05"
            + "%02x".formatted(memory.length() / 2)
            + memory
            + "0713"
            + "02"
            + "065f7374617274"
            + "0000"
            + "066d656d6f7279"
            + "0200"
            + "0a040102"
            + "000b");
  }

  private static String leb128(int value) {
    StringBuilder hex = new StringBuilder();
    int left = value;
    while (left >= 0x80) {
      hex.append("%02x".formatted((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    return hex.append("%02x".formatted(left)).toString();
  }

  private static Path write(Path file, String hex) throws IOException {
    return Files.write(file, Bytes.wrap(HexFormat.of().parseHex(hex)).toArrayUnsafe());
  }
}
