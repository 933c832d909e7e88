package dev.kith.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what stands in the ledger. */
@Command(name = "ledger", description = "Show and prove what stands in the ledger.")
final class LedgerCommand extends KithCommand {
  /** Fields that a line shows in columns of their own, or not at all. */
  private static final Set<String> COMMON =
      Set.of("type", "height", "position", "time", "id", "outcome");

  LedgerCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    return showHead();
  }

  @Command(name = "head", description = "Show the newest final block and the committee.")
  int head() throws IOException {
    return showHead().code();
  }

  private ExitCode showHead() throws IOException {
    byte[] answer = cli.daemon().get("ledger/head", Map.of());
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK;
    }
    JsonNode head = JsonNode.parse(answer);
    cli.out().println("height     " + head.text("height"));
    cli.out().println("time       " + Instant.ofEpochMilli(head.number("time")));
    cli.out().println("digest     " + head.text("digest"));
    cli.out().println("state      " + head.text("stateRoot"));
    cli.out().println("members    " + head.text("members"));
    cli.out()
        .println(
            "reachable  "
                + head.list("reachable").size()
                + " of "
                + head.list("committee").size()
                + " validators, "
                + head.text("quorum")
                + " are needed"
                + (head.truth("stalled") ? ": stalled" : ""));
    for (JsonNode validator : head.list("committee")) {
      boolean reachable = head.texts("reachable").contains(String.valueOf(validator.value()));
      cli.out().println("validator  " + validator.value() + (reachable ? "" : " (away)"));
    }
    return ExitCode.OK;
  }

  @Command(name = "validators", description = "Show who validates, and who could take over.")
  int validators() throws IOException {
    byte[] answer = cli.daemon().get("ledger/validators", Map.of());
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK.code();
    }
    JsonNode committee = JsonNode.parse(answer);
    cli.out()
        .println(
            "epoch "
                + committee.text("epoch")
                + " since "
                + Instant.ofEpochMilli(committee.number("since"))
                + " (height "
                + committee.text("sinceHeight")
                + "), "
                + committee.text("quorum")
                + " of "
                + Counted.of(committee.list("validators").size(), "validator")
                + " needed"
                + (committee.truth("stalled") ? ": stalled" : ""));
    for (JsonNode validator : committee.list("validators")) {
      cli.out().println("validator  " + who(validator) + state(validator));
    }
    for (JsonNode standby : committee.list("standbys")) {
      cli.out()
          .println(
              "standby    "
                  + who(standby)
                  + " ready at "
                  + Instant.ofEpochMilli(standby.number("ready")));
    }
    return ExitCode.OK.code();
  }

  private static String who(JsonNode member) {
    return member.text("name") + " " + member.text("peerId");
  }

  private static String state(JsonNode validator) {
    return (validator.truth("reachable") ? "" : " (away)")
        + (validator.truth("missed") ? " (did not vote of late)" : "")
        + (validator.truth("leaving") ? " (leaving)" : "")
        + (validator.truth("evicted") ? " (caught lying)" : "");
  }

  @Command(name = "blocks", description = "List final blocks, the newest ones by default.")
  int blocks(
      @Option(names = "--from", paramLabel = "HEIGHT", description = "Begin at this height.")
          @Nullable Long from,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "How many, up to 1000 (default: ${DEFAULT-VALUE}).")
          int limit)
      throws IOException {
    Map<String, Object> query = new LinkedHashMap<>(Map.of("limit", limit));
    if (from != null) {
      query.put("from", from);
    }
    byte[] answer = cli.daemon().get("ledger/blocks", query);
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK.code();
    }
    for (JsonNode block : JsonNode.parse(answer).elements()) {
      cli.out()
          .println(
              String.format(
                  "%8s  %s  %4s records  %2s signers  %s",
                  block.text("height"),
                  Instant.ofEpochMilli(block.number("time")),
                  block.text("records"),
                  block.text("signers"),
                  block.text("digest")));
    }
    return ExitCode.OK.code();
  }

  @Command(name = "records", description = "List final records, the oldest first.")
  int records(
      @Option(
              names = "--type",
              paramLabel = "TYPE",
              completionCandidates = RecordTypes.class,
              description = "Only this kind, such as MapUpdate or PartDone.")
          @Nullable String type,
      @Option(names = "--job", paramLabel = "ID", description = "Only those of this job.")
          @Nullable String job,
      @Option(names = "--group", paramLabel = "ID", description = "Only those of this group.")
          @Nullable String group,
      @Option(
              names = "--from",
              paramLabel = "HEIGHT",
              defaultValue = "0",
              description = "Begin at this height.")
          long from,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "10000",
              description = "How many at most, up to 20000 (default: ${DEFAULT-VALUE}).")
          int limit)
      throws IOException {
    Map<String, Object> query = new LinkedHashMap<>();
    query.put("from", from);
    query.put("limit", limit);
    putPresent(query, "type", type);
    putPresent(query, "job", job);
    putPresent(query, "group", group);
    byte[] answer = cli.daemon().get("ledger/records", query);
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK.code();
    }
    for (JsonNode record : JsonNode.parse(answer).elements()) {
      cli.out().println(line(record));
    }
    return ExitCode.OK.code();
  }

  @Command(name = "prove", description = "Write a proof that anybody can check offline.")
  int prove(
      @Parameters(
              paramLabel = "KIND",
              completionCandidates = ProofKinds.class,
              description = "One of ${COMPLETION-CANDIDATES}.")
          String kind,
      @Parameters(paramLabel = "ID", description = "Which; HEIGHT:POSITION of a record.") String id,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              defaultValue = "kith.proof",
              description = "Where to (default: ${DEFAULT-VALUE}).")
          Path output,
      @Option(names = "--force", description = "Replace a file that exists.") boolean force)
      throws IOException {
    return new LedgerProofs(cli).prove(kind, id, output, force).code();
  }

  @Command(name = "verify", description = "Check a proof, without a daemon or a network.")
  int verify(
      @Parameters(paramLabel = "FILE", description = "What 'kith ledger prove' wrote.") Path file,
      @Option(
              names = "--realm",
              paramLabel = "ID",
              description = "Trust the founders of this realm (default: this home's).")
          @Nullable String realm,
      @Option(
              names = "--checkpoint",
              paramLabel = "FILE",
              description = "Trust what 'kith ledger checkpoint' wrote.")
          @Nullable Path checkpoint)
      throws IOException {
    return new LedgerProofs(cli).verify(file, realm, checkpoint).code();
  }

  @Command(name = "checkpoint", description = "Write what a verifier has to trust.")
  int checkpoint(
      @Parameters(paramLabel = "FILE", description = "Where to.") Path file,
      @Option(names = "--force", description = "Replace a file that exists.") boolean force)
      throws IOException {
    return new LedgerProofs(cli).checkpoint(file, force).code();
  }

  private static String line(JsonNode record) {
    StringBuilder rest = new StringBuilder();
    if (record.value() instanceof Map<?, ?> fields) {
      fields.forEach(
          (name, value) -> {
            if (!COMMON.contains(String.valueOf(name))) {
              rest.append(' ').append(name).append('=').append(JsonText.write(value));
            }
          });
    }
    return String.format(
        "%8s  %-12s %s%s",
        record.text("height"), record.text("type"), record.text("outcome"), rest);
  }

  private static void putPresent(Map<String, Object> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }
}
