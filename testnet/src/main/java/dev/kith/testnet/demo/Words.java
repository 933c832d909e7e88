package dev.kith.testnet.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A real text to count words in, and the count by plain Java to compare with. */
final class Words {
  private static final int WORD_MAX = 255;

  private Words() {}

  /**
   * Writes the licence texts that every JDK ships, one after another: a megabyte of English. Where
   * a distribution left them out, the names of the JDK's classes have to do.
   */
  static void writeText(Path file) throws IOException {
    Path jdk = Path.of(System.getProperty("java.home"));
    List<Path> texts = texts(jdk.resolve("legal"));
    if (texts.isEmpty()) {
      texts = List.of(jdk.resolve("lib").resolve("classlist"));
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (Path text : texts) {
        Files.copy(text, out);
        out.write('\n');
      }
    }
  }

  /** Each text once, although many are links to one another. */
  private static List<Path> texts(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Set<Path> seen = new HashSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> sorted = all.filter(Files::isRegularFile).sorted().toList();
      List<Path> distinct = new ArrayList<>();
      for (Path path : sorted) {
        if (seen.add(path.toRealPath())) {
          distinct.add(path);
        }
      }
      return distinct;
    }
  }

  /** What testnet/samples/wordcount.c makes of the text: words in the order of their bytes. */
  static Map<String, Long> count(Path file) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    StringBuilder word = new StringBuilder();
    // One char a byte, so that the order of chars is the order of bytes.
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (letter || (c >= '0' && c <= '9') || c > 127) {
        if (word.length() < WORD_MAX) {
          word.append(letter ? Character.toLowerCase(c) : c);
        }
      } else if (!word.isEmpty()) {
        counts.merge(word.toString(), 1L, Long::sum);
        word.setLength(0);
      }
    }
    return counts;
  }

  /** The lines {@code WORD COUNT} of the sample program. */
  static Map<String, Long> read(Path counts) throws IOException {
    Map<String, Long> read = new TreeMap<>();
    for (String line : Files.readAllLines(counts, StandardCharsets.ISO_8859_1)) {
      int space = line.lastIndexOf(' ');
      if (space < 1) {
        throw new IOException("not a count: " + line);
      }
      read.merge(line.substring(0, space), Long.parseLong(line.substring(space + 1)), Long::sum);
    }
    return read;
  }

  /** The most frequent words of at least {@code letters} letters. */
  static List<Map.Entry<String, Long>> top(Map<String, Long> counts, int letters, int count) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().length() >= letters)
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(count)
        .toList();
  }
}
