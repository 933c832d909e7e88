package dev.kith.testnet.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Words are counted in a real text: one job counts parts of it, a second adds the counts up. */
final class WordsAct {
  private static final int LINES_A_PART = 1_000;
  private static final int ASKED = 2;

  private final Peers peers;
  private final Commands kith;
  private final Report report;
  private final Path folder;

  WordsAct(Peers peers, Commands kith, Report report, Path folder) {
    this.peers = peers;
    this.kith = kith;
    this.report = report;
    this.folder = folder;
  }

  void play() throws IOException, InterruptedException {
    report.section("Words are counted in the licence texts of the JDK");
    Path text = folder.resolve("text.txt");
    Words.writeText(text);
    String program = Samples.copy("wordcount.wasm", folder).toString();
    Path counts = folder.resolve("counts.txt");
    Path total = folder.resolve("total.txt");
    report.line("$ kith run wordcount.wasm --in text.txt --split lines:%d".formatted(LINES_A_PART));
    Commands.Finished counted =
        kith.run(
            peers.home(ASKED),
            "run",
            program,
            "--in",
            text.toString(),
            "--split",
            "lines:" + LINES_A_PART,
            "--json",
            "-o",
            counts.toString());
    report.line("$ kith run wordcount.wasm --in counts.txt -- merge");
    Commands.Finished merged =
        kith.run(
            peers.home(ASKED),
            "run",
            program,
            "--in",
            counts.toString(),
            "--json",
            "-o",
            total.toString(),
            "--",
            "merge");
    Map<String, Long> words = Words.read(total);
    report.line(
        "%,d words, %,d different, in %.1f s; the most frequent long ones: %s"
            .formatted(
                words.values().stream().mapToLong(n -> n).sum(),
                words.size(),
                (counted.took().toMillis() + merged.took().toMillis()) / 1e3,
                Words.top(words, 6, 5).stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", "))));
    report.check("the counts are those of plain Java", words.equals(Words.count(text)));
    JobStory story = new JobStory(peers, kith, report);
    String job = counted.json().path("job").asString("");
    report.check("the ledger has the whole count", story.tell(job, peers.all().size()));
    Files.delete(counts);
  }
}
