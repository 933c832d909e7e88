package dev.kith.testnet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordsTest {
  @TempDir Path folder;

  @Test
  void count_takesRunsOfLettersDigitsAndHighBytesInSmallLetters() throws Exception {
    Path text =
        Files.writeString(folder.resolve("text"), "The cat, the CAT and caf\u00e9 42!\nthe");
    assertThat(Words.count(text))
        .isEqualTo(Map.of("the", 3L, "cat", 2L, "and", 1L, "caf\u00c3\u00a9", 1L, "42", 1L));
  }

  @Test
  void read_addsUpEqualWords() throws Exception {
    Path counts = Files.writeString(folder.resolve("counts"), "a 1\nb 2\na 3\n");
    assertThat(Words.read(counts)).isEqualTo(Map.of("a", 4L, "b", 2L));
  }

  @Test
  void writeText_isARealTextOfSomeSize() throws Exception {
    Path text = folder.resolve("text");
    Words.writeText(text);
    assertThat(Files.size(text)).isGreaterThan(50_000);
    assertThat(Words.count(text).size()).isGreaterThan(500);
  }
}
