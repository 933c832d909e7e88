package dev.kith.testnet.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.JsonNode;
import dev.kith.cli.Kith;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What daemons promise of files, held against real processes. */
class StorageTest {
  @TempDir Path folder;

  @AfterEach
  void down() throws Exception {
    Testnet testnet = testnet("-Xmx96m");
    if (testnet.exists()) {
      testnet.down();
    }
  }

  private Testnet testnet(String options) {
    return new Testnet(folder.resolve("net"), Optional.of(options));
  }

  /** How a command ended. */
  private record Ended(int code, String out, String err) {
    Ended ok() {
      assertThat(code).as(err).isZero();
      return this;
    }
  }

  private Ended kith(int peer, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line =
        new ArrayList<>(List.of("--home", testnet("-Xmx96m").home(peer).toString()));
    line.addAll(List.of(arguments));
    Cli cli = new Cli(InputStream.nullInputStream(), out, err, Map.of(), false);
    int code = Kith.run(cli, line.toArray(String[]::new));
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Path noise(String name, long seed, int mebibytes) throws IOException {
    Path file = folder.resolve(name);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] part = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(part);
        out.write(part);
      }
    }
    return file;
  }

  private List<Integer> holders(String path) throws IOException {
    List<String> ids = testnet("-Xmx96m").status().stream().map(PeerStatus::peerId).toList();
    String stat = kith(1, "--json", "stat", path).ok().out();
    return JsonNode.parse(stat.getBytes(StandardCharsets.UTF_8)).list("groups").stream()
        .flatMap(g -> g.texts("holders").stream())
        .map(id -> ids.indexOf(id) + 1)
        .distinct()
        .toList();
  }

  @Test
  @Timeout(120)
  void aFileFarLargerThanTheHeap_isPutHeldAndGot() throws Exception {
    // With 64 MiB a put runs out of memory.
    testnet("-Xmx96m -XX:TieredStopAtLevel=1").up(3);
    Path file = noise("file", 1, 288);
    kith(1, "put", file.toString(), "--to", "/file", "--copies", "2").ok();
    List<Integer> holders = holders("/file");
    int reader = holders.contains(2) ? holders.contains(3) ? 1 : 3 : 2;
    Path back = folder.resolve("back");
    kith(reader, "get", "/file", "-o", back.toString()).ok();
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
  }

  @Test
  @Timeout(180)
  void whatWasConfirmed_survivesThatPutterOrHolderIsKilledAtAnyMoment() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Testnet testnet = testnet("-Xmx256m -XX:TieredStopAtLevel=1");
    testnet.up(4);
    Map<String, Path> confirmed = new LinkedHashMap<>();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 4; round++) {
        Path file = noise("file-" + round, seed + round, 16);
        String path = "/file-" + round;
        int putter = random.nextInt(1, 5);
        // The putter dies in every other round, else one of those that may hold the file.
        int victim = round % 2 == 0 ? putter : 1 + (putter - 1 + random.nextInt(1, 4)) % 4;
        Future<Ended> put = thread.submit(() -> kith(putter, "put", file.toString(), "--to", path));
        awaitEnd(put, random.nextInt(900));
        testnet.kill(List.of(victim));
        if (put.get().code() == 0) {
          confirmed.put(path, file);
        }
        testnet.start(List.of(victim));
        Path back = folder.resolve("back");
        Ended got = kith(victim, "get", path, "-o", back.toString(), "--force");
        if (got.code() == 0) {
          assertThat(Files.mismatch(file, back)).as("seed %d: %s", seed, path).isEqualTo(-1);
        } else {
          assertThat(confirmed).as("seed %d: %s", seed, got.err()).doesNotContainKey(path);
          assertThat(got.code()).as(got.err()).isEqualTo(ExitCode.NOT_FOUND.code());
        }
      }
    }
    for (Map.Entry<String, Path> entry : confirmed.entrySet()) {
      Path back = folder.resolve("back");
      int reader = random.nextInt(1, 5);
      Ended got = kith(reader, "get", entry.getKey(), "-o", back.toString(), "--force");
      assertThat(got.code()).as("seed %d: %s", seed, got.err()).isZero();
      assertThat(Files.mismatch(entry.getValue(), back)).as("seed %d", seed).isEqualTo(-1);
    }
    System.out.println("seed " + seed + ": confirmed were " + confirmed.keySet());
  }

  /** Returns when the command ended, or so many milliseconds later: whichever comes first. */
  private static void awaitEnd(Future<Ended> put, int millis) throws Exception {
    try {
      var _ = put.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return; // it is in its midst
    }
  }
}
