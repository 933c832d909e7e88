package dev.kith.ledger.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLC on the models of {@code src/model}. The first line of each instance says what is expected of
 * it: {@code Holds}, or {@code Breaks} and the invariant. Large ones are left to {@code .ci/model}.
 */
class ModelTest {
  private static final Path MODELS = Path.of("src/model");
  private static final Pattern BREAKS = Pattern.compile("\\\\\\* Breaks (\\w+): .*");
  private static final String HOLDS = "\\* Holds: ";

  /** TLC's exit codes. */
  private static final int HELD = 0;

  private static final int SAFETY_VIOLATED = 12;

  @TempDir Path states;

  @TestFactory
  Stream<DynamicTest> modelsHoldAndWeakenedOnesBreak() throws IOException {
    List<Path> instances;
    try (Stream<Path> files = Files.list(MODELS)) {
      instances = files.filter(file -> file.toString().endsWith(".cfg")).sorted().toList();
    }
    assertThat(instances).hasSizeGreaterThan(5);
    return instances.stream()
        .filter(instance -> !expected(instance).startsWith("\\* Holds, large: "))
        .map(instance -> dynamicTest(instance.getFileName().toString(), () -> check(instance)));
  }

  private static String expected(Path instance) {
    try {
      return Files.readAllLines(instance).getFirst();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void check(Path instance) throws IOException, InterruptedException {
    String expected = expected(instance);
    Matcher breaks = BREAKS.matcher(expected);
    if (breaks.matches()) {
      assertThat(tlc(instance, SAFETY_VIOLATED))
          .contains("Invariant " + breaks.group(1) + " is violated");
    } else {
      assertThat(expected).startsWith(HOLDS);
      assertThat(tlc(instance, HELD)).contains("No error has been found");
    }
  }

  /** TLC ends its JVM when it is done, so it gets one of its own. */
  private String tlc(Path instance, int code) throws IOException, InterruptedException {
    String name = instance.getFileName().toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "tlc2.TLC",
                "-workers",
                "1",
                "-metadir",
                states.resolve(name).toString(),
                "-config",
                name,
                name.substring(0, name.indexOf('-')) + ".tla")
            .directory(MODELS.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(code);
    return output;
  }
}
