package dev.kith.testnet.demo;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Tells from the ledger how a job went: its split, who was first with each part, its end. */
final class JobStory {
  private static final int PARTS_A_LINE = 16;

  private final Peers peers;
  private final Commands kith;
  private final Report report;

  JobStory(Peers peers, Commands kith, Report report) {
    this.peers = peers;
    this.kith = kith;
    this.report = report;
  }

  /** How the racers fared; asked at {@code witness}, which need not have had a part in the job. */
  record Race(int parts, int withFirst, int attempts, int lost, int lostAndReplaced) {}

  /** Prints what the ledger has of a job; whether it is whole. */
  boolean tell(String job, int witness) throws IOException, InterruptedException {
    JsonNode open = records(witness, "TaskOpen", job);
    JsonNode done = records(witness, "PartDone", job);
    JsonNode seal = records(witness, "TaskSeal", job);
    if (open.isEmpty() || seal.isEmpty()) {
      report.line("the ledger at peer-%d lacks the job's opening or its seal".formatted(witness));
      return false;
    }
    JsonNode opening = open.get(0);
    int parts = opening.path("parts").asInt();
    report.line(
        "block %d: TaskOpen, %d parts raced by %d peers each, split root %s..."
            .formatted(
                opening.path("height").asLong(),
                parts,
                opening.path("attempts").asInt(),
                StorageAct.shortened(opening.path("splitRoot").asString(""))));
    Map<Integer, String> first = new TreeMap<>();
    for (JsonNode record : done) {
      for (JsonNode result : record.path("results")) {
        first.putIfAbsent(
            result.path("part").asInt(), peers.name(result.path("worker").asString("")));
      }
    }
    report.line(
        "%d PartDone records: the first responder of each part, by part".formatted(done.size()));
    printFirst(first);
    JsonNode sealing = seal.get(0);
    report.line(
        "block %d: TaskSeal, reassembled in order to %,d bytes, SHA-256 %s..., order root %s..."
            .formatted(
                sealing.path("height").asLong(),
                sealing.path("outputBytes").asLong(),
                StorageAct.shortened(sealing.path("outputSha256").asString("")),
                StorageAct.shortened(sealing.path("orderRoot").asString(""))));
    return first.size() == parts;
  }

  private void printFirst(Map<Integer, String> first) {
    StringBuilder line = new StringBuilder();
    int column = 0;
    for (Map.Entry<Integer, String> entry : first.entrySet()) {
      if (column == 0) {
        line.append(String.format("%4d:", entry.getKey()));
      }
      line.append(' ').append(entry.getValue().replace("peer-", "p"));
      if (++column == PARTS_A_LINE) {
        report.line(line.toString());
        line.setLength(0);
        column = 0;
      }
    }
    if (column > 0) {
      report.line(line.toString());
    }
  }

  Race race(String job, int witness) throws IOException, InterruptedException {
    JsonNode parts = kith.ask(peers.home(witness), "job", "show", job).path("parts");
    int withFirst = 0;
    int attempts = 0;
    int lost = 0;
    int replaced = 0;
    for (JsonNode part : parts) {
      boolean first = !part.path("firstResponder").asString("").isEmpty();
      withFirst += first ? 1 : 0;
      for (JsonNode attempt : part.path("attempts")) {
        attempts++;
        if (attempt.path("outcome").asString("").equals("LOST")) {
          lost++;
          replaced += first ? 1 : 0;
        }
      }
    }
    return new Race(parts.size(), withFirst, attempts, lost, replaced);
  }

  private JsonNode records(int witness, String type, String job)
      throws IOException, InterruptedException {
    return kith.ask(peers.home(witness), "ledger", "records", "--type", type, "--job", job);
  }
}
