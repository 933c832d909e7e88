package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.ComputeService;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.jobs.JobView.State;
import dev.kith.node.testing.WasmAssembler;
import dev.kith.node.testing.WasmPrograms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample programs in real worker processes, raced by three peers. */
class JobWorkersTest {
  private static final Path SAMPLES = Path.of("../testnet/src/main/resources/samples");

  @TempDir private static Path folder;
  private static JobMesh mesh;
  private static final List<ComputeService> WORKERS = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    mesh = new JobMesh(folder);
    for (int i = 0; i < 3; i++) {
      ComputeService compute =
          ComputeService.start(folder.resolve("compute-" + i), ComputeLimits.ofSlots(1));
      WORKERS.add(compute);
      mesh.add(compute);
    }
  }

  @AfterAll
  static void close() {
    mesh.close();
    WORKERS.forEach(ComputeService::close);
  }

  @Test
  void wordCount_countsEachPartAndMergesThem() throws Exception {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder();
    Map<String, Integer> expected = new TreeMap<>();
    for (int line = 0; line < 1000; line++) {
      for (int word = 0; word < 8; word++) {
        String ascii = "wort" + Integer.toString(random.nextInt(300), 36);
        String end = word == 0 ? "ß" : "";
        expected.merge(ascii + end, 1, Integer::sum);
        text.append(word % 2 == 0 ? ascii.toUpperCase(Locale.ROOT) : ascii).append(end);
        text.append(word == 7 ? "\n" : ", ");
      }
    }
    Bytes program = Bytes.wrap(Files.readAllBytes(SAMPLES.resolve("wordcount.wasm")));
    String counts =
        text(
            new JobRequest(
                program,
                "wordcount.wasm",
                mesh.request(program, new Split.Files(), 0, text.toString()).inputs(),
                new Split.Lines(100),
                2,
                List.of(),
                Duration.ofMinutes(1)));
    assertThat(counts.lines().count()).isGreaterThan(expected.size());
    String total =
        text(
            new JobRequest(
                program,
                "wordcount.wasm",
                mesh.request(program, new Split.Files(), 0, counts).inputs(),
                new Split.Files(),
                2,
                List.of("merge"),
                Duration.ofMinutes(1)));
    StringBuilder lines = new StringBuilder();
    expected.forEach((word, count) -> lines.append(word).append(' ').append(count).append('\n'));
    assertThat(total).isEqualTo(lines.toString());
  }

  @Test
  void mandelbrot_tilesJoinToTheWholeImage() throws Exception {
    Bytes program = Bytes.wrap(Files.readAllBytes(SAMPLES.resolve("mandelbrot.wasm")));
    byte[] tiles = bytes(mandelbrot(program, 24, new Split.Range(0, 23)));
    byte[] whole = bytes(mandelbrot(program, 1, new Split.Range(0, 0)));
    assertThat(tiles).hasSize(160 * 120 * 3).isEqualTo(whole);
  }

  @Test
  void programThatNeverEnds_isStoppedWithTheJob() throws Exception {
    JobView view =
        run(
            new JobRequest(
                WasmPrograms.forever(),
                "forever.wasm",
                List.of(),
                new Split.Files(),
                2,
                List.of(),
                Duration.ofSeconds(3)),
            new ByteArrayOutputStream());
    assertThat(view.problem()).contains(Problem.TIMED_OUT);
  }

  @Test
  void moduleThatIsDamaged_isRefusedBeforeItIsOnTheLedger() throws Exception {
    Bytes damaged = new WasmAssembler().op(0x6a, 0x1a).build();
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> mesh.engine(0).start(mesh.request(damaged, new Split.Files(), 0, "a")))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.BAD_PROGRAM));
  }

  private static JobRequest mandelbrot(Bytes program, int tiles, Split split) {
    return new JobRequest(
        program,
        "mandelbrot.wasm",
        List.of(),
        split,
        2,
        List.of("160", "120", Integer.toString(tiles), "300"),
        Duration.ofMinutes(1));
  }

  private static String text(JobRequest request) throws IOException, InterruptedException {
    return new String(bytes(request), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(JobRequest request) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JobView view = run(request, out);
    assertThat(view.state()).as("%s", view.reason()).isEqualTo(State.DONE);
    return out.toByteArray();
  }

  private static JobView run(JobRequest request, ByteArrayOutputStream out)
      throws IOException, InterruptedException {
    Bytes32 job = mesh.engine(0).start(request);
    return mesh.engine(0).await(job, out, view -> {});
  }
}
