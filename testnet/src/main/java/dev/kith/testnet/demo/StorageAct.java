package dev.kith.testnet.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A file is stored on three peers, one of them dies, and the file comes back. */
final class StorageAct {
  private static final int GROUPS_SHOWN = 6;

  /** The peer that stores the file, and another one that fetches it. */
  private static final int PUTTER = 1;

  private final Peers peers;
  private final Commands kith;
  private final Report report;
  private final Path file;
  private final Path back;

  StorageAct(Peers peers, Commands kith, Report report, Path file, Path back) {
    this.peers = peers;
    this.kith = kith;
    this.report = report;
    this.file = file;
    this.back = back;
  }

  void play() throws IOException, InterruptedException {
    String path = "/demo/" + file.getFileName();
    JsonNode stat = put(path);
    int victim = busiestHolder(stat);
    int fetcher = fetcher(victim);
    report.section("A holder loses power, and the file comes back");
    long pid = peers.testnet().status().get(victim - 1).pid().orElse(-1);
    peers.testnet().kill(List.of(victim));
    report.line("killed peer-%d with SIGKILL (pid %d)".formatted(victim, pid));
    get(path, fetcher, victim, stat);
    long start = System.nanoTime();
    peers.testnet().start(List.of(victim));
    report.line(
        "peer-%d is back after %.1f s, with what it stored"
            .formatted(victim, (System.nanoTime() - start) / 1e9));
    JsonNode again = kith.ask(peers.home(victim), "stat", path);
    report.check(
        "the peer that came back knows the file",
        again.path("sha256").asString("").equals(stat.path("sha256").asString("-")));
  }

  private JsonNode put(String path) throws IOException, InterruptedException {
    long size = Files.size(file);
    report.section("A file goes in: " + file + " (" + size / 1_000_000 + " MB)");
    report.line("$ kith put %s --to %s".formatted(file, path));
    Commands.Finished put = kith.run(peers.home(PUTTER), "put", file.toString(), "--to", path);
    report.rate("put, three durable copies, final on the ledger", size, put.took());
    String sha256 = sha256(file);
    JsonNode stat = kith.ask(peers.home(PUTTER), "stat", path);
    report.line("SHA-256 %s".formatted(sha256));
    report.check(
        "stat tells the size and the SHA-256 of the original",
        stat.path("size").asLong(-1) == size && stat.path("sha256").asString("").equals(sha256));
    showCopies(stat.path("groups"));
    showMapUpdates(stat.path("groups"));
    return stat;
  }

  private void showCopies(JsonNode groups) {
    int shown = 0;
    boolean copies = !groups.isEmpty();
    for (JsonNode group : groups) {
      copies &= group.path("holders").size() >= 3;
      if (shown++ < GROUPS_SHOWN) {
        report.line(
            "group %s...: copies on %s"
                .formatted(
                    shortened(group.path("id").asString("")), peers.names(group.path("holders"))));
      }
    }
    if (shown > GROUPS_SHOWN) {
      report.line("and %d groups more".formatted(shown - GROUPS_SHOWN));
    }
    report.check("every group of chunks lies on three peers", copies);
  }

  /** Asked at a peer that had no part in the put. */
  private void showMapUpdates(JsonNode groups) throws IOException, InterruptedException {
    boolean known = !groups.isEmpty();
    String example = "";
    for (JsonNode group : groups) {
      String id = group.path("id").asString("");
      JsonNode updates =
          kith.ask(
              peers.home(peers.all().size()),
              "ledger",
              "records",
              "--type",
              "MapUpdate",
              "--group",
              id);
      known &= !updates.isEmpty();
      if (example.isEmpty() && !updates.isEmpty()) {
        JsonNode update = updates.get(0);
        example =
            "block "
                + update.path("height").asLong()
                + ": MapUpdate, group "
                + shortened(id)
                + "..., version "
                + update.path("version").asLong()
                + ", holders "
                + peers.names(update.path("holders"));
      }
    }
    report.line("ledger, %s".formatted(example));
    report.check("the ledger has the map update of every group", known);
  }

  private void get(String path, int fetcher, int victim, JsonNode stat)
      throws IOException, InterruptedException {
    report.line("$ kith --home %s get %s".formatted(peers.home(fetcher), path));
    Commands.Finished get =
        kith.run(peers.home(fetcher), "get", path, "-o", back.toString(), "--force");
    report.rate(
        "get at peer-" + fetcher + ", with peer-" + victim + " dead",
        stat.path("size").asLong(),
        get.took());
    report.check("what came back is identical", Files.mismatch(file, back) == -1);
    Files.delete(back);
  }

  /** The peer with most of the file, other than the one that stored it. */
  private int busiestHolder(JsonNode stat) {
    Map<Integer, Integer> held = new TreeMap<>();
    for (JsonNode group : stat.path("groups")) {
      for (JsonNode holder : group.path("holders")) {
        peers
            .number(holder.asString(""))
            .filter(n -> n != PUTTER)
            .ifPresent(n -> held.merge(n, 1, Integer::sum));
      }
    }
    return held.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(2);
  }

  /** Neither the one that stored the file nor the dead one. */
  private int fetcher(int victim) {
    return peers.all().stream().filter(n -> n != PUTTER && n != victim).findFirst().orElse(PUTTER);
  }

  static String shortened(String hex) {
    return hex.substring(0, Math.min(10, hex.length()));
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
