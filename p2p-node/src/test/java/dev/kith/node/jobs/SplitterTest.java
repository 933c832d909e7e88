package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitterTest {
  @TempDir private Path folder;

  @Test
  void files_makeAPartEachEvenWhenEmpty() throws IOException {
    assertThat(split(new Split.Files(), "abc", "", "de")).containsExactly("abc", "", "de");
    assertThat(split(new Split.Files())).containsExactly("");
  }

  @Test
  void lines_cutAfterEveryNAndAtTheEndOfAnInput() throws IOException {
    assertThat(split(new Split.Lines(2), "1\n2\n3\n4\n5", "6\n"))
        .containsExactly("1\n2\n", "3\n4\n", "5", "6\n");
    assertThat(split(new Split.Lines(2), "1\n2\n")).containsExactly("1\n2\n");
    assertThat(split(new Split.Lines(1), "\n\n")).containsExactly("\n", "\n");
    assertThat(split(new Split.Lines(3), "", "")).containsExactly("");
  }

  @Test
  void bytes_cutAfterN() throws IOException {
    assertThat(split(new Split.Size(2), "abcde", "fg")).containsExactly("ab", "cd", "e", "fg");
  }

  @Test
  void lines_joinToTheInputWhateverItIs() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(200_000); n > 0; n--) {
        text.append(random.nextInt(40) == 0 ? '\n' : 'x');
      }
      int count = random.nextInt(1, 50);
      List<String> parts = split(new Split.Lines(count), text.toString());
      assertThat(String.join("", parts)).as("seed %d", seed).isEqualTo(text.toString());
      for (String part : parts.subList(0, parts.size() - 1)) {
        assertThat(part.chars().filter(c -> c == '\n').count()).isEqualTo(count);
      }
    }
  }

  @Test
  void range_numbersItsParts() throws IOException {
    PartTable table = Splitter.split(new Split.Range(-2, 3), List.of());
    assertThat(table.parts()).isEqualTo(6);
    assertThat(table.extraArguments(0)).containsExactly("-2");
    assertThat(table.extraArguments(5)).containsExactly("3");
  }

  @Test
  void splitRoot_dependsOnTheCuts() throws IOException {
    Path file = Files.writeString(folder.resolve("input"), "1\n2\n3\n");
    PartTable one = Splitter.split(new Split.Lines(1), List.of(file));
    PartTable two = Splitter.split(new Split.Lines(2), List.of(file));
    assertThat(one.splitRoot()).isNotEqualTo(two.splitRoot());
    assertThat(one.splitRoot())
        .isEqualTo(Splitter.split(new Split.Size(2), List.of(file)).splitRoot());
  }

  @Test
  void tooManyParts_areRefused() {
    refused(new Split.Range(0, 65_536));
    refused(new Split.Range(Long.MIN_VALUE, Long.MAX_VALUE));
    refused(new Split.Range(2, 1));
    refused(new Split.Size(1), "x".repeat(65_537));
    refused(new Split.Lines(5));
  }

  private void refused(Split split, String... inputs) {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> split(split, inputs))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.BAD_REQUEST));
  }

  /** The parts' contents. */
  private List<String> split(Split split, String... inputs) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String input : inputs) {
      files.add(Files.writeString(folder.resolve("input-" + files.size()), input));
    }
    PartTable table = Splitter.split(split, files);
    JobFolder job = new JobFolder(folder);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < table.parts(); i++) {
      try (var stdin = job.input(table, i).openStdin()) {
        parts.add(new String(stdin.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return parts;
  }
}
