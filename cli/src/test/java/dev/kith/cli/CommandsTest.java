package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.identity.Keys;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands send, print and end with, against a daemon that answers as told. */
class CommandsTest {
  private static final String SUMMARY =
      "{\"count\":1,\"bytes\":5,\"storedBytes\":9,\"groups\":1,\"copiesLeast\":3,\"height\":7}";
  private static final String FILE =
      "{\"path\":\"/a.txt\",\"size\":5,\"sha256\":\"ab\",\"chunks\":1}";

  @TempDir static Path shared;
  @TempDir Path work;
  private static Home home;
  private FakeDaemon daemon;
  private Duration reportsEvery = Duration.ofMinutes(10);
  private String out = "";
  private String err = "";

  @BeforeAll
  static void makeHome() throws IOException {
    home =
        Home.create(
            shared.resolve("home"),
            HomeConfig.defaults("test", 1 << 20),
            "secret".toCharArray(),
            Keys.secp256k1FromSeed(1),
            Optional.empty());
  }

  @BeforeEach
  void start() throws IOException {
    daemon = new FakeDaemon(home);
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
    home.daemonEnded();
  }

  @Test
  void put_sendsTheFileAndPrintsItsPath() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    assertThat(kith("put", file.toString())).isZero();
    assertThat(out).isEqualTo("/a.txt\n");
    assertThat(err).contains("1 file, 5 B").contains("3 copies, final in block 7");
    FakeDaemon.Request sent = daemon.only("PUT");
    assertThat(sent.target()).contains("path=%2Fa.txt").contains("modified=");
    assertThat(sent.text()).isEqualTo("hello");
  }

  @Test
  void put_inJsonPrintsOneDocument() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    assertThat(kith("put", "--json", file.toString())).isZero();
    JsonNode json = JsonNode.parse(out.getBytes(StandardCharsets.UTF_8));
    assertThat(json.list("files").getFirst().text("path")).isEqualTo("/a.txt");
    assertThat(json.number("copiesLeast")).isEqualTo(3);
  }

  @Test
  void put_ofStdinNeedsAName() {
    answerPuts();
    assertThat(kith("put", "-")).isEqualTo(2);
    assertThat(kithReading("piped", "put", "-", "--to", "x/y")).isZero();
    assertThat(daemon.only("PUT").target()).contains("path=%2Fx%2Fy");
    assertThat(daemon.only("PUT").text()).isEqualTo("piped");
  }

  @Test
  void put_ofAFolderSendsAllInItUnderItsName() throws IOException {
    Path folder = Files.createDirectories(work.resolve("photos/2024"));
    Files.writeString(folder.resolve("b.jpg"), "b");
    Files.writeString(folder.resolve("a.jpg"), "a");
    Files.createSymbolicLink(folder.resolve("loop"), work);
    answerPuts();
    assertThat(kith("put", work.resolve("photos").toString(), "--to", "/backup/")).isZero();
    assertThat(daemon.requests().stream().filter(r -> r.method().equals("PUT")))
        .extracting(FakeDaemon.Request::target)
        .satisfiesExactly(
            target -> assertThat(target).contains("path=%2Fbackup%2Fphotos%2F2024%2Fa.jpg"),
            target -> assertThat(target).contains("path=%2Fbackup%2Fphotos%2F2024%2Fb.jpg"));
    assertThat(err).contains("left out, a link that leads to no file");
  }

  @Test
  void put_toAFolderThatExistsGoesIntoIt() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    daemon.on("GET stat", "{\"path\":\"/docs\",\"folder\":true}");
    assertThat(kith("put", file.toString(), "--to", "/docs")).isZero();
    assertThat(daemon.only("PUT").target()).contains("path=%2Fdocs%2Fa.txt");
  }

  @Test
  void put_ofWhatIsMissingSendsNothing() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    assertThat(kith("put", file.toString(), work.resolve("none").toString())).isEqualTo(2);
    assertThat(err).isEqualTo("kith: no such file: " + work.resolve("none") + "\n");
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void put_thatFailsIsGivenUp() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    daemon
        .on("POST puts", "{\"put\":\"p1\"}")
        .on("PUT puts/p1/files", 507, "{\"problem\":\"QUOTA_FULL\",\"message\":\"no room\"}");
    assertThat(kith("put", file.toString())).isEqualTo(6);
    assertThat(err).isEqualTo("kith: no room\n");
    assertThat(daemon.only("DELETE").target()).isEqualTo("puts/p1");
  }

  @Test
  void put_saysWhenThereAreTooFewCopies() throws IOException {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    daemon.on("POST puts/p1/commit", SUMMARY.replace("\"copiesLeast\":3", "\"copiesLeast\":1"));
    assertThat(kith("put", file.toString())).isZero();
    assertThat(err).contains("only 1 of 3 copies");
  }

  @Test
  void get_writesAFileWithItsTimeAndKeepsOneThatExists() throws IOException {
    answerGet();
    Path target = work.resolve("out.txt");
    assertThat(kith("get", "/a.txt", "-o", target.toString())).isZero();
    assertThat(target).hasContent("hello");
    assertThat(Files.getLastModifiedTime(target).toMillis()).isEqualTo(1_600_000_000_000L);

    Files.writeString(target, "mine");
    assertThat(kith("get", "/a.txt", "-o", target.toString())).isEqualTo(11);
    assertThat(target).hasContent("mine");
    assertThat(kith("get", "/a.txt", "-o", target.toString(), "--force")).isZero();
    assertThat(target).hasContent("hello");
  }

  @Test
  void get_writesThroughALinkAndIntoAPipe() throws Exception {
    answerGet();
    Path target = work.resolve("target");
    Path link = Files.createSymbolicLink(work.resolve("link"), target);
    assertThat(kith("get", "/a.txt", "-o", link.toString())).isZero();
    assertThat(target).hasContent("hello");
    assertThat(link).isSymbolicLink();

    Path pipe = work.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    FutureTask<String> reader = new FutureTask<>(() -> Files.readString(pipe));
    Thread.ofPlatform().daemon().start(reader);
    assertThat(kith("get", "/a.txt", "-o", pipe.toString())).isZero();
    assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void run_whoseAnswerHasNoPlaceIsNotStarted() throws IOException {
    Path program = Files.writeString(work.resolve("prog.wasm"), "wasm");
    answerJob();
    Path nowhere = work.resolve("no/such/answer");
    assertThat(kith("run", program.toString(), "-o", nowhere.toString())).isEqualTo(2);
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void get_toStdoutPrintsTheFileAlone() {
    answerGet();
    assertThat(kith("get", "a.txt", "-o", "-")).isZero();
    assertThat(out).isEqualTo("hello");
    assertThat(kith("get", "a.txt", "-o", "-", "--json")).isEqualTo(2);
  }

  @Test
  void get_thatBreaksOffLeavesNothingAndTellsWhy() throws IOException {
    daemon
        .on("GET stat", "{\"path\":\"/a.txt\",\"folder\":false,\"size\":5}")
        .onCutOff("GET files", "hel".getBytes(StandardCharsets.UTF_8), 5)
        .on("GET transfers", "{\"problem\":\"DATA_CORRUPT\",\"message\":\"chunk 1 is damaged\"}");
    assertThat(kith("get", "/a.txt", "-o", work.resolve("out").toString())).isEqualTo(7);
    assertThat(err).isEqualTo("kith: chunk 1 is damaged\n");
    try (var left = Files.list(work)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void get_ofAFolderWritesAllInIt() throws IOException {
    answerGet();
    daemon
        .on("GET stat", "{\"path\":\"/d\",\"folder\":true}")
        .on(
            "GET list",
            "[{\"path\":\"/d/x\",\"folder\":true},"
                + "{\"path\":\"/d/x/a.txt\",\"size\":5},{\"path\":\"/d/b.txt\",\"size\":5}]");
    Path target = work.resolve("got");
    assertThat(kith("get", "/d", "-o", target.toString())).isZero();
    assertThat(target.resolve("x/a.txt")).hasContent("hello");
    assertThat(target.resolve("b.txt")).hasContent("hello");
    assertThat(kith("get", "/d", "-o", target.toString())).as("it exists now").isEqualTo(11);
  }

  @Test
  void get_neverWritesOutsideItsTarget() {
    daemon
        .on("GET stat", "{\"path\":\"/d\",\"folder\":true}")
        .on("GET list", "[{\"path\":\"/d/../../evil\",\"size\":5}]");
    assertThat(kith("get", "/d", "-o", work.resolve("got").toString())).isEqualTo(2);
    assertThat(work.resolve("../evil")).doesNotExist();
  }

  @Test
  void run_sendsProgramInputsAndArguments() throws IOException {
    Path program = Files.writeString(work.resolve("prog.wasm"), "wasm");
    Path input = Files.writeString(work.resolve("in.txt"), "lines");
    answerJob();
    Path answer = work.resolve("answer");
    assertThat(
            kith(
                "run",
                program.toString(),
                "--in",
                input.toString(),
                "kith:/stored",
                "--split",
                "lines:10",
                "--entropy",
                "1",
                "--timeout",
                "2m",
                "--json",
                "-o",
                answer.toString(),
                "--",
                "-v",
                "x y"))
        .isZero();
    FakeDaemon.Request started =
        daemon.requests().stream().filter(r -> r.target().equals("jobs")).findFirst().orElseThrow();
    JsonNode request = JsonNode.parse(started.body());
    assertThat(request.text("name")).isEqualTo("prog.wasm");
    assertThat(request.text("split")).isEqualTo("lines:10");
    assertThat(request.number("entropy")).isEqualTo(1);
    assertThat(request.number("timeoutSeconds")).isEqualTo(120);
    assertThat(request.texts("arguments")).containsExactly("-v", "x y");
    assertThat(request.list("inputs").get(0).text("name")).isEqualTo("in.txt");
    assertThat(request.list("inputs").get(1).text("path")).isEqualTo("/stored");
    assertThat(answer).hasContent("answer");
    assertThat(err).startsWith("job 5a5a\n");
    JsonNode json = JsonNode.parse(out.getBytes(StandardCharsets.UTF_8));
    assertThat(json.text("job")).isEqualTo("5a5a");
    assertThat(json.number("bytes")).isEqualTo(6);
  }

  @Test
  void run_inJsonWantsAFile() throws IOException {
    Path program = Files.writeString(work.resolve("prog.wasm"), "wasm");
    assertThat(kith("run", "--json", program.toString())).isEqualTo(2);
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void run_thatFailsLeavesNoFileAndItsProblemsCode() throws IOException {
    Path program = Files.writeString(work.resolve("prog.wasm"), "wasm");
    answerJob();
    daemon
        .onCutOff("GET jobs/5a5a/output", new byte[0], 9)
        .on("GET transfers", "{\"problem\":\"PART_FAILED\",\"message\":\"part 3 failed\"}");
    assertThat(kith("run", program.toString(), "-o", work.resolve("answer").toString()))
        .isEqualTo(9);
    assertThat(err).contains("part 3 failed");
    assertThat(work.resolve("answer")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, 3",
    "NOT_ALLOWED, 4",
    "LEDGER_STALLED, 5",
    "DISK_FULL, 6",
    "DATA_UNREACHABLE, 7",
    "TIMED_OUT, 10",
    "INTERNAL, 1",
    "FROM_THE_FUTURE, 1"
  })
  void problems_endWithTheirCodes(String problem, int code) {
    daemon.on("GET list", 500, "{\"problem\":\"%s\",\"message\":\"a\\nb\"}".formatted(problem));
    assertThat(kith("ls")).isEqualTo(code);
    assertThat(err).isEqualTo("kith: a; b\n");
  }

  @Test
  void json_isPassedOnAsTheDaemonSaidIt() {
    daemon
        .on("GET list", "[{\"path\":\"/ü\"}]")
        .on("GET status", "{\"peerId\":\"x\"}")
        .on("GET ledger/records", "[]");
    assertThat(kith("ls", "--json")).isZero();
    assertThat(out).isEqualTo("[{\"path\":\"/ü\"}]\n");
    assertThat(kith("--json", "status")).isZero();
    assertThat(out).isEqualTo("{\"peerId\":\"x\"}\n");
    assertThat(kith("ledger", "records", "--json", "--type", "PartDone", "--job", "5a")).isZero();
    assertThat(daemon.requests().getLast().target()).contains("type=PartDone").contains("job=5a");
  }

  @Test
  void commands_withoutADaemonOrAHomeSaySo() throws IOException {
    home.daemonEnded();
    assertThat(kith("ls")).isEqualTo(5);
    assertThat(err).contains("start it: kith up");
    assertThat(kithIn(work.resolve("none"), "", "ls")).isEqualTo(3);
    assertThat(err).contains("make one with: kith init");
  }

  @Test
  void put_leavesOutFilesWhoseNamesTheStoreCannotHold() throws IOException {
    Path folder = Files.createDirectories(work.resolve("notes"));
    Files.writeString(folder.resolve("a\nb"), "x");
    Files.writeString(folder.resolve("c"), "c");
    Files.createDirectories(folder.resolve("d\te"));
    answerPuts();
    assertThat(kith("put", folder.toString())).isZero();
    assertThat(daemon.requests().stream().filter(r -> r.method().equals("PUT"))).hasSize(1);
    assertThat(daemon.only("PUT").target()).contains("path=%2Fnotes%2Fc");
    assertThat(err)
        .contains("left out, its name cannot stand in the store: " + folder + "/a\\x0ab\n")
        .contains("left out, its name cannot stand in the store: " + folder + "/d\\x09e\n");
    assertThat(kith("put", folder.resolve("a\nb").toString())).isEqualTo(2);
    assertThat(err).contains(folder + "/a\\x0ab as /a\\x0ab (name it with --to)");
  }

  @Test
  void put_thatWaitsForTheLedgerKeepsSayingSo() throws Exception {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    CountDownLatch gate = new CountDownLatch(1);
    reportsEvery = Duration.ofMillis(20);
    daemon
        .onGate("POST puts/p1/commit", gate, SUMMARY)
        .on(
            "GET ledger/head",
            "{\"stalled\":true,\"quorum\":3,\"reachable\":[\"a\"],\"committee\":[\"a\",\"b\",\"c\"]}");
    FutureTask<Integer> put = new FutureTask<>(() -> kith("put", file.toString()));
    Thread.ofVirtual().start(put);
    await()
        .until(
            () ->
                daemon.requests().stream().filter(r -> r.target().equals("ledger/head")).count()
                    > 2);
    gate.countDown();
    assertThat(put.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(err.lines().filter(line -> line.startsWith("put waits")).toList())
        .hasSizeGreaterThan(1)
        .allMatch(
            line ->
                line.startsWith(
                    "put waits for the ledger, which is stalled: 1 of 3 validators are reachable,"
                        + " 3 are needed ("));
  }

  @Test
  void get_intoAFolderThatIsMissingNamesTheFolder() {
    answerGet();
    Path missing = work.resolve("no/such");
    assertThat(kith("get", "/a.txt", "-o", missing.resolve("x").toString())).isEqualTo(2);
    assertThat(err).isEqualTo("kith: no such folder: " + missing + "\n");
  }

  @Test
  void rm_saysForEachPathWhatBecameOfIt() {
    answerRemovals();
    assertThat(kith("rm", "/a", "/nope", "/b")).isEqualTo(3);
    assertThat(err).isEqualTo("removed /a\nkith: no path /nope\nremoved /b: 2 files\n");
    assertThat(out).isEmpty();
  }

  @Test
  void rm_inJsonTellsOfEachPathInOneDocument() {
    answerRemovals();
    assertThat(kith("rm", "--json", "/nope", "/b")).isEqualTo(3);
    assertThat(out)
        .isEqualTo(
            "{\"removed\":2,\"paths\":[{\"path\":\"/nope\",\"removed\":0,\"error\":"
                + "{\"problem\":\"NOT_FOUND\",\"message\":\"no path /nope\",\"exitCode\":3}},"
                + "{\"path\":\"/b\",\"removed\":2}],\"error\":"
                + "{\"problem\":\"NOT_FOUND\",\"message\":\"no path /nope\",\"exitCode\":3}}\n");
  }

  @Test
  void rm_triesNoFurtherWhereTheLedgerIsStalled() {
    daemon
        .onQuery("DELETE files", "%2Fa", 503, problem("LEDGER_STALLED", "stalled"))
        .onQuery("DELETE files", "%2Fb", 200, "{\"removed\":1}");
    assertThat(kith("rm", "/a", "/b")).isEqualTo(5);
    assertThat(err).isEqualTo("kith: stalled\nkith: /b was not tried\n");
  }

  @Test
  void jobs_areKnownByTheBeginningOfTheirIds() {
    String one = "737ee8" + "0".repeat(58);
    String two = "737eff" + "0".repeat(58);
    daemon
        .on("GET jobs", "[{\"job\":\"%s\"},{\"job\":\"%s\"}]".formatted(one, two))
        .on("GET jobs/" + one, "{\"job\":\"%s\",\"state\":\"DONE\"}".formatted(one))
        .on("DELETE jobs/" + one, "{}");
    assertThat(kith("job", "show", "737EE")).isZero();
    assertThat(out).contains(one);
    assertThat(kith("job", "cancel", "737ee8", "--json")).isZero();
    assertThat(out).contains(one);
    assertThat(kith("job", "show", "737e")).isEqualTo(2);
    assertThat(err).contains("2 jobs");
    assertThat(kith("job", "show", "abcd")).isEqualTo(3);
    assertThat(kith("job", "show", "737")).isEqualTo(2);
    assertThat(kith("job", "show", "nonsense")).isEqualTo(2);
  }

  @Test
  void job_listSaysWhyAJobFailed() {
    daemon.on(
        "GET jobs",
        "[{\"job\":\"5a\",\"state\":\"FAILED\",\"problem\":\"PART_FAILED\",\"reason\":\"part"
            + " 3\"}]");
    assertThat(kith("job", "list")).isZero();
    assertThat(out).endsWith("  PART_FAILED: part 3\n");
  }

  @Test
  void job_outputSaysWhatItWrote() {
    String job = "5a".repeat(32);
    daemon
        .on("GET jobs/" + job, "{\"partsTotal\":1}")
        .on("GET jobs/" + job + "/output", "answer")
        .on("GET jobs/" + job + "/events", "{\"partsTotal\":1,\"partsDone\":1}\n");
    assertThat(kith("job", "output", job, "-o", work.resolve("answer").toString())).isZero();
    assertThat(err).startsWith("1 part, 6 B in ");
  }

  @Test
  void errors_inJsonAreTheOneDocument() {
    assertError("{\"problem\":\"NOT_FOUND\",\"message\":\"no answer\",\"exitCode\":3}", "ls");
    assertThat(err).isEqualTo("kith: no answer\n");
    daemon.on("GET list", 500, problem("LEDGER_STALLED", "stalled"));
    assertError("{\"problem\":\"LEDGER_STALLED\",\"message\":\"stalled\",\"exitCode\":5}", "ls");
    assertThat(kith("get", "--json")).as("wrong usage").isEqualTo(2);
    assertThat(errorIn(out).text("problem")).isEqualTo("BAD_REQUEST");
    assertThat(errorIn(out).text("message")).startsWith("Missing required parameter");
    assertThat(kith("nonsense", "--json")).isEqualTo(2);
    assertThat(errorIn(out).number("exitCode")).isEqualTo(2);
    assertThat(kith("put", "--json", "/no/such/file")).as("a local file").isEqualTo(2);
    assertThat(errorIn(out).text("message")).isEqualTo("no such file: /no/such/file");
    assertThat(kith("run", "--bogus", "--", "--json")).isEqualTo(2);
    assertThat(out).as("the program's own --json").isEmpty();
  }

  private void assertError(String error, String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add("--json");
    assertThat(kith(line.toArray(String[]::new))).isNotZero();
    assertThat(out).isEqualTo("{\"error\":" + error + "}\n");
  }

  private static JsonNode errorIn(String document) {
    return JsonNode.parse(document.getBytes(StandardCharsets.UTF_8)).at("error");
  }

  @Test
  void commands_thatAreStoppedSayWhatBecameOfTheirWork() throws Exception {
    Path file = Files.writeString(work.resolve("a.txt"), "hello");
    answerPuts();
    answerGet();
    CountDownLatch gate = new CountDownLatch(1);
    daemon.onGate("POST puts/p1/commit", gate, SUMMARY).onGate("GET files", gate, "hello");
    try {
      assertThat(interrupted("POST", "put", file.toString()))
          .contains("it may still become so (kith ls shows whether)");
      Path target = work.resolve("got");
      assertThat(interrupted("GET", "get", "/a.txt", "-o", target.toString()))
          .isEqualTo("kith: stopped: nothing was written to " + target + "\n");
      assertThat(target).doesNotExist();
    } finally {
      gate.countDown();
    }
  }

  /** Starts a process, interrupts it when its second request of a kind is there, and reads it. */
  private String interrupted(String method, String... arguments) throws Exception {
    long before = daemon.requests().stream().filter(r -> r.method().equals(method)).count();
    List<String> line =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Kith.class.getName(),
                "--home",
                home.folder().toString()));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).start();
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  daemon.requests().stream().filter(r -> r.method().equals(method)).count()
                      >= before + 2);
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor()).isEqualTo(130);
      return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void usage_errorsAreOneLine() {
    assertThat(kith("get")).isEqualTo(2);
    assertThat(err).startsWith("kith: Missing required parameter").hasLineCount(1);
    assertThat(kith("nonsense")).isEqualTo(2);
    assertThat(kith("statsu")).isEqualTo(2);
    assertThat(err).contains("did you mean");
    assertThat(kith("invite", "--expires", "soon")).isEqualTo(2);
  }

  private void answerPuts() {
    daemon
        .on("POST puts", "{\"put\":\"p1\"}")
        .on("PUT puts/p1/files", FILE)
        .on("POST puts/p1/commit", SUMMARY);
  }

  private void answerRemovals() {
    daemon
        .onQuery("DELETE files", "%2Fa", 200, "{\"removed\":1}")
        .onQuery("DELETE files", "%2Fb", 200, "{\"removed\":2}")
        .on("DELETE files", 404, problem("NOT_FOUND", "no path /nope"));
  }

  private static String problem(String name, String message) {
    return "{\"problem\":\"%s\",\"message\":\"%s\"}".formatted(name, message);
  }

  private void answerGet() {
    daemon
        .on("GET stat", "{\"path\":\"/a.txt\",\"folder\":false,\"size\":5,\"sha256\":\"ab\"}")
        .on("GET files", "hello");
  }

  private void answerJob() {
    daemon
        .on("POST spool", "{\"spool\":\"s1\",\"bytes\":4}")
        .on("POST jobs", "{\"job\":\"5a5a\"}")
        .on("GET jobs/5a5a/output", "answer")
        .on("GET jobs/5a5a/events", "{\"partsTotal\":2,\"partsDone\":1}\n")
        .on("GET jobs/5a5a", "{\"job\":\"5a5a\",\"state\":\"DONE\",\"partsTotal\":2}");
  }

  private int kith(String... arguments) {
    return kithReading("", arguments);
  }

  private int kithReading(String stdin, String... arguments) {
    return kithIn(home.folder(), stdin, arguments);
  }

  private int kithIn(Path folder, String stdin, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--home", folder.toString()));
    line.addAll(List.of(arguments));
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            stdout,
            stderr,
            Map.of(),
            false);
    cli.reportsEvery(reportsEvery);
    int code = Kith.run(cli, line.toArray(String[]::new));
    out = stdout.toString(StandardCharsets.UTF_8);
    err = stderr.toString(StandardCharsets.UTF_8);
    return code;
  }
}
