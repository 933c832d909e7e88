package dev.kith.testnet.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every decoder over what fuzzing has found interesting; {@code .ci/fuzz} looks for more. */
class FuzzCorpusTest {
  @TestFactory
  Stream<DynamicTest> decoders_takeTheirCorpus() throws IOException {
    List<Path> targets = FuzzTargets.all();
    assertThat(targets).hasSizeGreaterThan(10);
    return targets.stream()
        .map(target -> dynamicTest(target.getFileName().toString(), () -> run(target)));
  }

  private static void run(Path target) throws Throwable {
    List<Path> inputs = FuzzTargets.inputs(target);
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      try {
        FuzzTargets.run(target, Files.readAllBytes(input));
      } catch (Throwable e) {
        throw new AssertionError("on " + input, e);
      }
    }
  }
}
