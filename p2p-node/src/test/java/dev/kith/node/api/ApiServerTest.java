package dev.kith.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService;
import dev.kith.node.jobs.JobView;
import dev.kith.node.testing.MemoryFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiServerTest {
  private static final String TOKEN = "secret";

  @TempDir Path spool;
  private final MemoryFiles files = new MemoryFiles();
  private final ScriptedJobs jobs = new ScriptedJobs();
  private final StillPeer peer = new StillPeer();
  private final HttpClient http = HttpClient.newHttpClient();
  private ApiServer server;

  @BeforeEach
  void start() throws IOException {
    server = ApiServer.start(services(), 0);
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  private ApiServer.Services services() {
    return new ApiServer.Services(files, jobs, peer.ledger(), peer, TOKEN, spool);
  }

  @Test
  void put_streamsAFileThatGetReturns() throws Exception {
    byte[] content = new byte[3_000_000];
    new java.util.Random(1).nextBytes(content);

    JsonNode put = json(send("PUT", "files?path=" + encode("/a b/ü.bin"), content), 200);
    assertThat(put.path("file").path("size").asInt()).isEqualTo(content.length);
    assertThat(put.path("copiesLeast").asInt()).isEqualTo(3);

    HttpResponse<byte[]> got = send("GET", "files?path=" + encode("/a b/ü.bin"), new byte[0]);
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.headers().firstValueAsLong("Content-Length")).hasValue(content.length);
    assertThat(got.body()).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({"bytes=2-4, cde", "bytes=5-, fgh", "bytes=-2, gh", "bytes=6-99, gh"})
  void get_servesARange(String range, String expected) throws Exception {
    files.files.put("/f", "abcdefgh".getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> got =
        http.send(
            request("files?path=/f").header("Range", range).build(), BodyHandlers.ofByteArray());
    assertThat(got.statusCode()).isEqualTo(206);
    assertThat(got.body()).asString().isEqualTo(expected);
  }

  @Test
  void get_thatFailsInItsMiddleCutsTheConnectionAndTellsWhyWhenAsked() throws Exception {
    files.files.put("/f", new byte[5_000_000]);
    files.failAfter = 4_000_000;
    files.failure = Optional.of(new NodeException(Problem.DATA_CORRUPT, "chunk 7 is damaged"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                http.send(
                    request("files?path=/f").header("Kith-Transfer", "t1").build(),
                    BodyHandlers.ofByteArray()));
    JsonNode reason = json(send("GET", "transfers/t1", new byte[0]), 200);
    assertThat(reason.path("problem").asString()).isEqualTo("DATA_CORRUPT");
    assertThat(reason.path("message").asString()).isEqualTo("chunk 7 is damaged");
  }

  @Test
  void get_ofWhatIsMissingIsAnError() throws Exception {
    JsonNode error = json(send("GET", "files?path=/none", new byte[0]), 404);
    assertThat(error.path("problem").asString()).isEqualTo("NOT_FOUND");
    assertThat(error.path("message").asString()).isEqualTo("/none does not exist");
    assertThat(json(send("GET", "nonsense", new byte[0]), 404).path("problem").asString())
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void put_ofAFolderBecomesVisibleWithItsCommit() throws Exception {
    String put = json(send("POST", "puts", new byte[0]), 200).path("put").asString();
    for (String name : List.of("/d/1", "/d/2")) {
      json(send("PUT", "puts/" + put + "/files?path=" + name, new byte[10]), 200);
    }
    assertThat(files.files).isEmpty();
    JsonNode progress = json(send("GET", "puts/" + put, new byte[0]), 200);
    assertThat(progress.path("confirmedBytes").asInt()).isEqualTo(20);

    JsonNode summary = json(send("POST", "puts/" + put + "/commit", new byte[0]), 200);
    assertThat(summary.path("count").asInt()).isEqualTo(2);
    assertThat(files.files.keySet()).containsExactly("/d/1", "/d/2");
    json(send("POST", "puts/" + put + "/commit", new byte[0]), 404);
    assertThat(files.openPuts).hasValue(0);
  }

  @Test
  void put_thatIsAbandonedOrFailsLeavesNothingOpen() throws Exception {
    String put = json(send("POST", "puts", new byte[0]), 200).path("put").asString();
    assertThat(send("DELETE", "puts/" + put, new byte[0]).statusCode()).isEqualTo(204);

    String other = json(send("POST", "puts", new byte[0]), 200).path("put").asString();
    files.failure = Optional.of(new NodeException(Problem.QUOTA_FULL, "all candidates are full"));
    files.failAfter = 10;
    JsonNode error = json(send("PUT", "puts/" + other + "/files?path=/x", new byte[100]), 507);
    assertThat(error.path("problem").asString()).isEqualTo("QUOTA_FULL");
    assertThat(files.openPuts).hasValue(0);
  }

  @Test
  void put_whoseClientGoesAwayIsGivenUp() throws Exception {
    String put = json(send("POST", "puts", new byte[0]), 200).path("put").asString();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PUT /api/v1/puts/%s/files?path=/x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                  .formatted(put, server.port())
              + "Authorization: Bearer secret\r\nContent-Length: 1000000\r\n\r\nabc";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    Awaitility.await().until(() -> files.openPuts.get() == 0);
    assertThat(files.files).isEmpty();
  }

  @Test
  void requests_withoutTheTokenOrFromWebPagesAreRefused() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/status");
    assertThat(status(HttpRequest.newBuilder(uri))).isEqualTo(403);
    assertThat(status(HttpRequest.newBuilder(uri).header("Authorization", "Bearer guess")))
        .isEqualTo(403);
    assertThat(status(request("status").header("Origin", "http://evil.example"))).isEqualTo(403);
    assertThat(status(request("status").header("Origin", "http://127.0.0.1:1"))).isEqualTo(403);
    assertThat(status(request("status"))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:%d"})
  void requests_underAForeignHostNameAreRefused(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String head =
          "GET /api/v1/status HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer secret\r\n"
                  .formatted(host.formatted(server.port()))
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void jobs_areStartedWithWhatWasSpooledAndAnswered() throws Exception {
    String program = spool("wasm");
    String input = spool("input");
    String request =
        """
        {"program": {"spool": "%s"}, "name": "prog.wasm", "split": "lines:10", "entropy": 1,
         "inputs": [{"spool": "%s", "name": "in.txt"}, {"path": "/stored"}],
         "arguments": ["-x", "1"], "timeoutSeconds": 60}
        """
            .formatted(program, input);
    JsonNode started = json(send("POST", "jobs", request.getBytes(StandardCharsets.UTF_8)), 200);
    assertThat(started.path("job").asString()).isEqualTo("5a".repeat(32));

    JobService.JobRequest job = jobs.started.orElseThrow();
    assertThat(job.split()).isEqualTo(new JobService.Split.Lines(10));
    assertThat(job.arguments()).containsExactly("-x", "1");
    assertThat(job.inputs().get(1)).isEqualTo(new JobService.Input.Stored("/stored"));
    JobService.Input.Spooled spooled = (JobService.Input.Spooled) job.inputs().getFirst();
    assertThat(spooled.name()).isEqualTo("in.txt");
    assertThat(Files.readString(spooled.file())).isEqualTo("input");

    String path = "jobs/" + started.path("job").asString();
    assertThat(send("GET", path + "/output", new byte[0]).body()).asString().isEqualTo("answer");
    String events =
        new String(send("GET", path + "/events", new byte[0]).body(), StandardCharsets.UTF_8);
    assertThat(events.lines().map(line -> JsonMapper.shared().readTree(line)))
        .extracting(event -> event.path("state").asString() + event.path("partsDone").asInt())
        .containsExactly("RUNNING1", "DONE2");
    json(send("GET", "jobs/" + "00".repeat(32), new byte[0]), 404);
    json(send("GET", "jobs/nonsense", new byte[0]), 400);
  }

  @Test
  void output_ofAJobThatFailedIsCutOffWithTheReason() throws Exception {
    jobs.end = JobView.State.FAILED;
    jobs.problem = Optional.of(Problem.TIMED_OUT);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                http.send(
                    request("jobs/" + "5a".repeat(32) + "/output")
                        .header("Kith-Transfer", "t2")
                        .build(),
                    BodyHandlers.ofByteArray()));
    assertThat(json(send("GET", "transfers/t2", new byte[0]), 200).path("problem").asString())
        .isEqualTo("TIMED_OUT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"split\": \"lines:0\"}|400",
        "{\"split\": \"words:3\"}|400",
        "{\"split\": \"range:5..4\"}|400",
        "{\"split\": \"range:5\"}|400",
        "{\"entropy\": 9}|400",
        "{\"entropy\": \"many\"}|400",
        "{\"timeoutSeconds\": 0}|400",
        "{\"arguments\": [7]}|400",
        "{\"inputs\": [{}]}|400",
        "{\"inputs\": [{\"spool\": \"../../etc/passwd\"}]}|404",
        "not json|400",
        "[]|400",
      })
  void jobs_thatMakeNoSenseAreRefused(String request, int status) throws Exception {
    String program = "\"program\": {\"spool\": \"%s\"}".formatted(spool("wasm"));
    String body = request.startsWith("{") ? "{" + program + ", " + request.substring(1) : request;
    json(send("POST", "jobs", body.getBytes(StandardCharsets.UTF_8)), status);
    assertThat(jobs.started).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"output", "events"})
  void clientThatLeavesASilentJob_isNotWaitedFor(String what) throws Exception {
    jobs.silent = true;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String head =
          "GET /api/v1/jobs/%s/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                  .formatted("5a".repeat(32), what, server.port())
              + "Authorization: Bearer secret\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Awaitility.await().until(() -> jobs.waiting.get() == 1);
    }
    Awaitility.await().until(() -> jobs.waiting.get() == 0);
  }

  @Test
  void job_isShownWithAllItsParts() throws Exception {
    PeerId worker = Keys.secp256k1FromSeed(1).publicKey().peerId();
    JobView.Attempt attempt =
        new JobView.Attempt(worker, 5, Optional.of(6L), JobView.Outcome.FIRST, "");
    jobs.parts =
        IntStream.range(0, 3)
            .mapToObj(i -> new JobView.Part(i, List.of(attempt), Optional.of(worker)))
            .toList();
    JsonNode job = json(send("GET", "jobs/" + "5a".repeat(32), new byte[0]), 200);
    assertThat(job.path("program").asString()).isEqualTo("prog.wasm");
    assertThat(job.path("parts")).hasSize(3);
    assertThat(job.path("parts").get(2).path("part").asInt()).isEqualTo(2);
    assertThat(job.path("parts").get(2).path("attempts").get(0).path("outcome").asString())
        .isEqualTo("FIRST");
    json(send("GET", "jobs/" + "00".repeat(32), new byte[0]), 404);
  }

  @Test
  void spool_isEmptiedWhenTheServerStarts() throws Exception {
    spool("left behind");
    ApiServer.start(services(), 0).close();
    try (var left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void start_onAPortThatIsTakenSaysSo() {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> ApiServer.start(services(), server.port()))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.PORT_IN_USE));
  }

  @Test
  void ledger_isServedFlat() throws Exception {
    JsonNode head = json(send("GET", "ledger/head", new byte[0]), 200);
    assertThat(head.path("height").asInt()).isEqualTo(1);
    JsonNode records = json(send("GET", "ledger/records?type=LeaseTake", new byte[0]), 200);
    assertThat(records.get(0).path("type").asString()).isEqualTo("LeaseTake");
    assertThat(records.get(0).path("job").asString()).isEqualTo("5a".repeat(32));
    assertThat(records.get(0).path("outcome").asString()).isEqualTo("APPLIED");
    json(send("GET", "ledger/records?type=Nonsense", new byte[0]), 400);
  }

  private String spool(String content) throws IOException, InterruptedException {
    return json(send("POST", "spool", content.getBytes(StandardCharsets.UTF_8)), 200)
        .path("spool")
        .asString();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private HttpResponse<byte[]> send(String method, String path, byte[] body)
      throws IOException, InterruptedException {
    return http.send(
        request(path).method(method, BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonNode json(HttpResponse<byte[]> response, int status) {
    assertThat(response.statusCode())
        .as(new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo(status);
    return JsonMapper.shared().readTree(response.body());
  }

  private static String encode(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8);
  }
}
