package dev.kith.testnet.bench;

import dev.kith.testnet.local.FileTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Put and get of one large file of random bytes in a testnet of real processes, through the command
 * line, beside what the machine can do without Kith in the same run.
 */
public final class StoreBenchmark {
  /** The heap that each daemon gets: the promise is that this is enough for any file. */
  static final String DAEMON_OPTIONS = "-Xmx256m";

  private final Path folder;
  private final int peers;
  private final long bytes;
  private final int runs;
  private final Consumer<String> progress;

  /**
   * @param folder where the testnet and the files lie; what is written there is removed again
   * @param peers 3 to 32
   * @param bytes of the file
   * @param runs put and get each, at least 1
   */
  public StoreBenchmark(Path folder, int peers, long bytes, int runs, Consumer<String> progress) {
    if (peers < 3 || peers > 32) {
      throw new IllegalArgumentException("peers: " + peers);
    }
    if (bytes < 1 || runs < 1) {
      throw new IllegalArgumentException("bytes and runs must be positive");
    }
    this.folder = folder;
    this.peers = peers;
    this.bytes = bytes;
    this.runs = runs;
    this.progress = progress;
  }

  /** Rates in decimal MB/s, one a run; memory in MiB. */
  public record Result(
      String machine,
      int peers,
      long bytes,
      List<Double> put,
      List<Double> get,
      List<Double> getElsewhere,
      long daemonResidentMiBMax,
      double sha256,
      double loopback,
      double diskBuffered,
      double diskDirect) {

    /** A table for docs/performance.md. */
    public String markdown() {
      return String.format(
              Locale.ROOT,
              "%s. One file of %d MiB of random bytes, %d peers, each daemon with %s.%n%n",
              machine,
              bytes >> 20,
              peers,
              DAEMON_OPTIONS)
          + "| what | MB/s, min / median / max |\n|---|---|\n"
          + row("`kith put`, three fsynced copies, final on the ledger", put)
          + row("`kith get` at the peer that put it, verified and decrypted, to a file", get)
          + row("`kith get` at another peer", getElsewhere)
          + row("SHA-256 of memory, one thread", List.of(sha256))
          + row("one TCP connection over loopback", List.of(loopback))
          + row("a file, buffered, one fsync at the end", List.of(diskBuffered))
          + (diskDirect > 0 ? row("the same with O_DIRECT", List.of(diskDirect)) : "")
          + String.format(
              Locale.ROOT, "%nLargest resident set of a daemon: %d MiB.%n", daemonResidentMiBMax);
    }

    private static String row(String what, List<Double> rates) {
      List<Double> sorted = new ArrayList<>(rates);
      Collections.sort(sorted);
      return rates.size() == 1
          ? String.format(Locale.ROOT, "| %s | %.0f |%n", what, sorted.getFirst())
          : String.format(
              Locale.ROOT,
              "| %s | %.0f / %.0f / %.0f |%n",
              what,
              sorted.getFirst(),
              (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2,
              sorted.getLast());
    }
  }

  public Result run() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path net = folder.resolve("net");
    Path file = folder.resolve("input.bin");
    Path back = folder.resolve("output.bin");
    progress.accept("writing " + (bytes >> 20) + " MiB of random bytes");
    writeRandom(file, bytes);
    progress.accept("measuring the machine itself");
    Baselines machine = Baselines.measure(folder, Math.min(bytes, 1L << 30));
    CommandLineRunner kith = new CommandLineRunner(Map.of("KITH_JAVA_OPTS", DAEMON_OPTIONS));
    List<Double> puts = new ArrayList<>();
    List<Double> gets = new ArrayList<>();
    List<Double> getsElsewhere = new ArrayList<>();
    long resident;
    kith.run("testnet", "up", "--peers", Integer.toString(peers), "--dir", net.toString());
    try {
      String home = net.resolve("peer-1").toString();
      String elsewhere = net.resolve("peer-2").toString();
      for (int run = 1; run <= runs; run++) {
        String path = "/bench/run-" + run;
        puts.add(rate(kith.run("--home", home, "put", file.toString(), "--to", path).took()));
        gets.add(get(kith, home, path, file, back));
        getsElsewhere.add(get(kith, elsewhere, path, file, back));
        kith.run("--home", home, "rm", path);
        progress.accept(
            String.format(
                Locale.ROOT,
                "run %d of %d: put %.0f MB/s, get %.0f MB/s, elsewhere %.0f MB/s",
                run,
                runs,
                puts.getLast(),
                gets.getLast(),
                getsElsewhere.getLast()));
      }
      resident = residentMiBMax(kith, net);
    } finally {
      kith.run("testnet", "down", "--dir", net.toString());
      FileTree.delete(net);
      Files.deleteIfExists(file);
      Files.deleteIfExists(back);
    }
    return new Result(
        MachineDetails.here().sentence(),
        peers,
        bytes,
        puts,
        gets,
        getsElsewhere,
        resident,
        machine.sha256(),
        machine.loopback(),
        machine.diskBuffered(),
        machine.diskDirect().orElse(0.0));
  }

  private double get(CommandLineRunner kith, String home, String path, Path file, Path back)
      throws IOException, InterruptedException {
    Files.deleteIfExists(back);
    Duration took = kith.run("--home", home, "get", path, "-o", back.toString()).took();
    if (Files.mismatch(file, back) != -1) {
      throw new IOException("what came back differs");
    }
    return rate(took);
  }

  private static long residentMiBMax(CommandLineRunner kith, Path net)
      throws IOException, InterruptedException {
    String status = kith.run("testnet", "status", "--dir", net.toString(), "--json").output();
    long most = 0;
    for (JsonNode peer : JsonMapper.shared().readTree(status)) {
      most = Math.max(most, MachineDetails.peakResidentKiB(peer.get("pid").asLong()) / 1024);
    }
    return most;
  }

  private double rate(Duration took) {
    return bytes * 1e3 / took.toNanos();
  }

  private static void writeRandom(Path file, long bytes) throws IOException {
    Random random = new Random(bytes);
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
  }
}
