package dev.kith.testnet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.cli.Cli;
import dev.kith.cli.JsonNode;
import dev.kith.cli.Kith;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, through the command line. */
class TestnetTest {
  private static final int PEERS = 5;

  @TempDir Path folder;

  private Testnet testnet() {
    return new Testnet(folder.resolve("net"), Optional.of("-Xmx256m -XX:TieredStopAtLevel=1"));
  }

  @AfterEach
  void down() throws Exception {
    if (testnet().exists()) {
      testnet().down();
    }
  }

  @Test
  @Timeout(180)
  void whatWasPut_survivesTwoKilledHoldersAndARestart() throws Exception {
    Testnet testnet = testnet();
    testnet.up(PEERS);
    List<PeerStatus> up = testnet.status();
    assertThat(up).hasSize(PEERS).allMatch(PeerStatus::alive);
    assertThat(up).filteredOn(PeerStatus::committee).hasSize(4);
    assertThat(up.stream().map(p -> p.pid().orElseThrow()).distinct()).hasSize(PEERS);

    Path file = folder.resolve("file");
    byte[] content = new byte[20_000_003];
    new SplittableRandom(7).nextBytes(content);
    Files.write(file, content);
    kith(1, "put", file.toString(), "--to", "/file");

    List<Integer> victims = holders("/file").stream().filter(n -> n != 1).limit(2).toList();
    assertThat(victims).hasSize(2);
    assertThat(testnet.kill(victims)).isEqualTo(victims.stream().sorted().toList());
    assertThat(testnet.status()).filteredOn(p -> !p.alive() && p.pid().isEmpty()).hasSize(2);
    int survivor = other(victims);
    Path back = folder.resolve("back");
    kith(survivor, "get", "/file", "-o", back.toString());
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);

    List<Long> pids = up.stream().map(p -> p.pid().orElseThrow()).toList();
    assertThat(testnet.down()).hasSize(PEERS - 2);
    assertThat(pids).noneMatch(TestnetTest::serves);

    testnet.up(PEERS);
    kith(victims.getFirst(), "get", "/file", "-o", back.toString(), "--force");
    assertThat(Files.mismatch(file, back)).isEqualTo(-1);
    testnet.down();
    assertThat(processesOfTestnet()).isEmpty();
  }

  @Test
  void up_leavesAFolderOfTheUsersAlone() throws Exception {
    Path net = Files.createDirectories(folder.resolve("net"));
    Files.writeString(net.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> testnet().up(1))
        .isInstanceOfSatisfying(
            NodeException.class, e -> assertThat(e.problem()).isEqualTo(Problem.ALREADY_EXISTS));
    assertThat(Files.readString(net.resolve("letter.txt"))).isEqualTo("dear");
  }

  @Test
  void commands_sayThatThereIsNoTestnet() {
    assertThatThrownBy(() -> testnet().status())
        .isInstanceOfSatisfying(
            NodeException.class, e -> assertThat(e.problem()).isEqualTo(Problem.NOT_FOUND));
  }

  private List<Integer> holders(String path) throws Exception {
    List<String> ids = testnet().status().stream().map(PeerStatus::peerId).toList();
    byte[] stat = kith(1, "--json", "stat", path).getBytes(StandardCharsets.UTF_8);
    return JsonNode.parse(stat).list("groups").stream()
        .flatMap(g -> g.texts("holders").stream())
        .map(id -> ids.indexOf(id) + 1)
        .distinct()
        .toList();
  }

  private static int other(List<Integer> victims) {
    for (int peer = 2; peer <= PEERS; peer++) {
      if (!victims.contains(peer)) {
        return peer;
      }
    }
    throw new AssertionError("all peers are victims");
  }

  private String kith(int peer, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of("--home", testnet().home(peer).toString()));
    line.addAll(List.of(arguments));
    Cli cli = new Cli(InputStream.nullInputStream(), out, err, Map.of(), false);
    int code = Kith.run(cli, line.toArray(String[]::new));
    assertThat(code).as("kith %s: %s", line, err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean serves(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(p -> p.info().commandLine())
        .filter(line -> line.contains("DaemonMain"))
        .isPresent();
  }

  private List<String> processesOfTestnet() {
    return ProcessHandle.allProcesses()
        .flatMap(p -> p.info().commandLine().stream())
        .filter(line -> line.contains(folder.resolve("net").toString()))
        .toList();
  }
}
