package dev.kith.testnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What scripts may depend on, at every home of one testnet. */
class ContractTest {
  private static final int PEERS = 4;

  @TempDir static Path shared;
  @TempDir Path work;

  private static Testnet testnet() {
    return new Testnet(shared.resolve("net"), Optional.of("-Xmx256m"));
  }

  @BeforeAll
  static void up() throws Exception {
    shell(1).run("testnet", "up", "--peers", "" + PEERS, "--dir", net()).ok();
  }

  @AfterAll
  static void down() throws Exception {
    testnet().down();
  }

  private static String net() {
    return shared.resolve("net").toString();
  }

  private static Shell shell(int peer) {
    return new Shell(testnet().home(peer), Map.of("KITH_JAVA_OPTS", "-Xmx256m"));
  }

  @Test
  void testnetStatus_listsEveryPeer() {
    JsonNode peers = shell(1).run("testnet", "status", "--dir", net(), "--json").json();
    assertThat(peers).hasSize(PEERS);
    for (int i = 0; i < PEERS; i++) {
      JsonNode peer = peers.get(i);
      assertThat(fields(peer))
          .containsExactlyInAnyOrder(
              "peer", "home", "pid", "alive", "peerId", "addrs", "api", "committee");
      assertThat(peer.get("peer").asInt()).isEqualTo(i + 1);
      assertThat(Path.of(peer.get("home").asString())).isEqualTo(testnet().home(i + 1));
      assertThat(peer.get("alive").asBoolean()).isTrue();
      assertThat(peer.get("committee").asBoolean()).isTrue();
      assertThat(ProcessHandle.of(peer.get("pid").asLong())).isPresent();
      assertThat(peer.get("addrs").get(0).asString())
          .endsWith("/p2p/" + peer.get("peerId").asString());
      assertThat(peer.get("api").asString()).startsWith("http://127.0.0.1:");
    }
  }

  @Test
  void put_isSeenAtEveryHomeAndEndsAsItSays() throws Exception {
    Path file = random("one.bin", 3_000_001, 1);
    JsonNode stored =
        shell(1).run("put", file.toString(), "--to", "/seen/one.bin", "--json").json();
    assertThat(stored.get("files").get(0).get("sha256").asString()).isEqualTo(sha256(file));
    assertThat(stored.get("copiesLeast").asInt()).isEqualTo(3);

    for (int peer = 1; peer <= PEERS; peer++) {
      Shell there = shell(peer);
      // Final is final where it was put; others may be a block behind.
      await().until(() -> there.run("stat", "/seen/one.bin").code() == 0);
      JsonNode stat = there.run("stat", "/seen/one.bin", "--json").json();
      assertThat(stat.get("size").asLong()).isEqualTo(3_000_001);
      assertThat(stat.get("sha256").asString()).isEqualTo(sha256(file));
      for (JsonNode group : stat.get("groups")) {
        assertThat(group.get("id").asString()).matches("[0-9a-f]{64}");
        assertThat(group.get("wanted").asInt()).isEqualTo(3);
        Set<String> holders = new HashSet<>();
        group.get("holders").forEach(h -> holders.add(h.asString()));
        assertThat(holders).hasSize(3);
      }
      JsonNode listed = there.run("ls", "/seen", "--json").json();
      assertThat(listed.get(0).get("path").asString()).isEqualTo("/seen/one.bin");
      Path back = work.resolve("back-" + peer);
      there.run("get", "/seen/one.bin", "-o", back.toString()).ok();
      assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    }
  }

  @Test
  void put_onAPathThatExistsMakesANewVersion() throws Exception {
    Path first = random("v1", 70_000, 2);
    Path second = random("v2", 90_000, 3);
    shell(1).run("put", first.toString(), "--to", "/versions/v").ok();
    shell(1).run("put", second.toString(), "--to", "/versions/v").ok();
    JsonNode stat = shell(1).run("stat", "/versions/v", "--json").json();
    assertThat(stat.get("version").asInt()).isEqualTo(2);
    assertThat(stat.get("sha256").asString()).isEqualTo(sha256(second));
  }

  @Test
  void emptyFilesStdinStdoutAndFolders() throws Exception {
    Path empty = Files.createFile(work.resolve("empty"));
    shell(2).run("put", empty.toString(), "--to", "/forms/empty").ok();
    assertThat(shell(2).run("get", "/forms/empty", "-o", "-").ok().stdout()).isEmpty();

    byte[] piped = bytes(200_000, 4);
    shell(2).runReading(piped, "put", "-", "--to", "/forms/piped").ok();
    assertThat(shell(2).run("get", "/forms/piped", "-o", "-").ok().stdout()).isEqualTo(piped);

    Path folder = Files.createDirectories(work.resolve("tree/deep"));
    Files.writeString(folder.resolve("leaf"), "leaf");
    Files.writeString(work.resolve("tree/top"), "top");
    shell(2).run("put", work.resolve("tree").toString(), "--to", "/forms/").ok();
    Path back = work.resolve("got");
    shell(2).run("get", "/forms/tree", "-o", back.toString()).ok();
    assertThat(back.resolve("deep/leaf")).hasContent("leaf");
    assertThat(back.resolve("top")).hasContent("top");

    shell(2).run("rm", "/forms/tree").fails(2);
    shell(2).run("rm", "-r", "/forms/tree").ok();
    shell(2).run("ls", "/forms/tree").fails(3);
  }

  @Test
  void get_keepsAFileThatExistsUnlessForced() throws Exception {
    Path file = random("f", 1_000, 5);
    shell(1).run("put", file.toString(), "--to", "/kept/f").ok();
    Path mine = Files.writeString(work.resolve("mine"), "mine");
    shell(1).run("get", "/kept/f", "-o", mine.toString()).fails(11);
    assertThat(mine).hasContent("mine");
    shell(1).run("get", "/kept/f", "-o", mine.toString(), "--force").ok();
    assertThat(Files.mismatch(file, mine)).isEqualTo(-1);
  }

  @Test
  void run_joinsInOrderAndEveryPeerKnowsWhoWasFirst() throws Exception {
    Path program = TestPrograms.wordCount(work);
    Path text = work.resolve("text");
    Files.write(
        text, IntStream.range(0, 40).mapToObj(i -> "word" + (char) ('a' + i / 10)).toList());
    Path answer = work.resolve("answer");
    Shell.Ended ended =
        shell(1)
            .run(
                "run",
                program.toString(),
                "--in",
                text.toString(),
                "--split",
                "lines:10",
                "--json",
                "-o",
                answer.toString());
    JsonNode result = ended.json();
    String job = result.get("job").asString();
    assertThat(ended.err()).contains("job " + job);
    assertThat(answer).hasContent("worda 10\nwordb 10\nwordc 10\nwordd 10\n");
    assertThat(result.get("sha256").asString()).isEqualTo(sha256(answer));

    for (int peer = 1; peer <= PEERS; peer++) {
      Shell there = shell(peer);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> there.run("job", "show", job, "--json").out().contains("\"DONE\""));
      JsonNode shown = there.run("job", "show", job, "--json").json();
      assertThat(shown.get("parts")).hasSize(4);
      for (int part = 0; part < 4; part++) {
        JsonNode row = shown.get("parts").get(part);
        assertThat(row.get("part").asInt()).isEqualTo(part);
        String first = row.get("firstResponder").asString();
        List<JsonNode> attempts = new ArrayList<>();
        row.get("attempts").forEach(attempts::add);
        assertThat(attempts).hasSizeGreaterThanOrEqualTo(3);
        assertThat(attempts)
            .allSatisfy(a -> assertThat(fields(a)).contains("peer", "started", "outcome"));
        assertThat(attempts.stream().map(a -> a.get("peer").asString()).distinct())
            .hasSizeGreaterThanOrEqualTo(3);
        assertThat(attempts.stream().filter(a -> a.get("outcome").asString().equals("FIRST")))
            .singleElement()
            .satisfies(a -> assertThat(a.get("peer").asString()).isEqualTo(first));
      }
      List<String> types = new ArrayList<>();
      there
          .run("ledger", "records", "--job", job, "--json")
          .json()
          .forEach(r -> types.add(r.get("type").asString()));
      assertThat(types).startsWith("TaskOpen").endsWith("TaskSeal").contains("PartDone");
    }
  }

  @Test
  void ledger_tellsTheSameAtEveryPeer() throws Exception {
    Path file = random("l", 10_000, 6);
    shell(3).run("put", file.toString(), "--to", "/ledger/l").ok();
    JsonNode group =
        shell(3).run("stat", "/ledger/l", "--json").json().get("groups").get(0).get("id");
    long height = shell(3).run("ledger", "head", "--json").json().get("height").asLong();
    for (int peer = 1; peer <= PEERS; peer++) {
      Shell there = shell(peer);
      await().until(() -> head(there) >= height);
      JsonNode records =
          there
              .run(
                  "ledger", "records", "--type", "MapUpdate", "--group", group.asString(), "--json")
              .json();
      assertThat(records).hasSize(1);
      assertThat(records.get(0).get("type").asString()).isEqualTo("MapUpdate");
      assertThat(records.get(0).get("height").asLong()).isBetween(1L, height);
      assertThat(records.get(0).get("holders")).hasSize(3);
      JsonNode blocks =
          there.run("ledger", "blocks", "--from", "1", "--limit", "1", "--json").json();
      assertThat(blocks.get(0).get("digest"))
          .isEqualTo(
              shell(1)
                  .run("ledger", "blocks", "--from", "1", "--limit", "1", "--json")
                  .json()
                  .get(0)
                  .get("digest"));
    }
  }

  @Test
  void whatOnePeerProves_isVerifiedWithoutAnyPeer() throws Exception {
    Path file = random("proved", 10_000, 7);
    shell(3).run("put", file.toString(), "--to", "/ledger/proved").ok();
    String group =
        shell(3)
            .run("stat", "/ledger/proved", "--json")
            .json()
            .get("groups")
            .get(0)
            .get("id")
            .asString();
    String realm = shell(1).run("ledger", "head", "--json").json().get("realm").asString();
    Path proof = work.resolve("group.proof");
    shell(3).run("ledger", "prove", "group", group, "-o", proof.toString()).ok();
    shell(3).run("ledger", "prove", "group", group, "-o", proof.toString()).fails(11);
    Shell stranger = new Shell(work.resolve("nowhere"), Map.of());
    JsonNode verdict = verified(stranger, proof, realm);
    assertThat(verdict.get("valid").asBoolean()).isTrue();
    assertThat(verdict.get("present").asBoolean()).isTrue();
    assertThat(verdict.get("kind").asString()).isEqualTo("group");
    assertThat(verdict.get("id").asString()).isEqualTo(group);

    Path checkpoint = work.resolve("checkpoint");
    shell(1).run("ledger", "checkpoint", checkpoint.toString()).ok();
    stranger.run("ledger", "verify", proof.toString(), "--checkpoint", checkpoint.toString()).ok();
    stranger.run("ledger", "verify", proof.toString(), "--realm", group).fails(13);
    stranger.run("ledger", "verify", proof.toString()).fails(3);
    shell(4).run("ledger", "verify", proof.toString()).ok();

    byte[] bent = Files.readAllBytes(proof);
    bent[bent.length - 1] ^= 1;
    Files.write(proof, bent);
    stranger.run("ledger", "verify", proof.toString(), "--realm", realm).fails(13);
  }

  @Test
  void recordsAndWhatIsNotThere_areProvedToo() throws Exception {
    String realm = shell(1).run("ledger", "head", "--json").json().get("realm").asString();
    shell(1).run("put", random("any", 1_000, 8).toString(), "--to", "/ledger/any").ok();
    JsonNode record =
        shell(1).run("ledger", "records", "--type", "MapUpdate", "--json").json().get(0);
    Path proof = work.resolve("record.proof");
    String at = record.get("height").asString() + ":" + record.get("position").asString();
    shell(1).run("ledger", "prove", "record", at, "-o", proof.toString()).ok();
    JsonNode verdict = verified(shell(1), proof, realm);
    assertThat(verdict.get("type").asString()).isEqualTo("MapUpdate");
    assertThat(verdict.get("id").asString()).isEqualTo(record.get("id").asString());
    assertThat(verdict.get("author").asString()).isEqualTo(record.get("author").asString());

    String nothing = "00".repeat(32);
    Path absent = work.resolve("absent.proof");
    shell(1).run("ledger", "prove", "job", nothing, "-o", absent.toString()).ok();
    assertThat(verified(shell(1), absent, realm).get("present").asBoolean()).isFalse();
    shell(1).run("ledger", "prove", "record", "1000000:0").fails(3);
    shell(1).run("ledger", "prove", "record", "nonsense").fails(2);
    shell(1).run("ledger", "prove", "nonsense", nothing).fails(2);
  }

  private static JsonNode verified(Shell shell, Path proof, String realm) {
    return shell.run("ledger", "verify", proof.toString(), "--realm", realm, "--json").json();
  }

  private static long head(Shell shell) {
    return shell.run("ledger", "head", "--json").json().get("height").asLong();
  }

  private static List<String> fields(JsonNode object) {
    return new ArrayList<>(object.propertyNames());
  }

  private Path random(String name, int length, long seed) throws IOException {
    return Files.write(work.resolve(name), bytes(length, seed));
  }

  private static byte[] bytes(int length, long seed) {
    byte[] content = new byte[length];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void json_isTheOnlyThingOnStdout() {
    for (List<String> line :
        List.of(
            List.of("status"),
            List.of("peers"),
            List.of("realm", "show"),
            List.of("job", "list"),
            List.of("logs", "-n", "3"),
            List.of("ls"),
            List.of("ledger", "head"))) {
      List<String> arguments = new ArrayList<>(line);
      arguments.add("--json");
      Shell.Ended ended = shell(1).run(arguments.toArray(String[]::new)).ok();
      assertThat(ended.json()).as(ended.line()).isNotNull();
      assertThat(ended.out().getBytes(StandardCharsets.UTF_8)).isEqualTo(ended.stdout());
    }
  }
}
