package dev.kith.testnet.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is fuzzed: each folder of the corpus is named like a class, which has the entry point of
 * libFuzzer and Jazzer, {@code fuzzerTestOneInput(byte[])}.
 */
final class FuzzTargets {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  private FuzzTargets() {}

  static List<Path> all() throws IOException {
    try (Stream<Path> folders = Files.list(CORPUS)) {
      return folders.sorted().toList();
    }
  }

  static List<Path> inputs(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files.sorted().toList();
    }
  }

  static void run(Path target, byte[] input) throws Throwable {
    Class<?> type = Class.forName(target.getFileName().toString());
    try {
      type.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
