package dev.kith.testnet.contract;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each ends with one clear line and its code; the daemon goes on, and nothing stored is lost. */
class BadInputTest {
  @TempDir static Path shared;
  @TempDir Path work;

  private static Testnet testnet() {
    return new Testnet(shared.resolve("net"), Optional.of("-Xmx256m"));
  }

  private static final byte[] KEPT = bytes(300_000, 1);

  @BeforeAll
  static void up() throws Exception {
    testnet().up(4);
    shell(1).runReading(KEPT, "put", "-", "--to", "/kept").ok();
  }

  @AfterAll
  static void down() throws Exception {
    testnet().down();
  }

  private static Shell shell(int peer) {
    return new Shell(testnet().home(peer), Map.of());
  }

  @AfterEach
  void theDaemonGoesOnAndNothingIsLost() {
    assertThat(shell(1).run("get", "/kept", "-o", "-").ok().stdout()).isEqualTo(KEPT);
  }

  @Test
  void filesThatAreMissingOrCannotBeRead() throws Exception {
    shell(1).run("put", work.resolve("none").toString()).fails(2);
    Path dangling = Files.createSymbolicLink(work.resolve("link"), work.resolve("nowhere"));
    shell(1).run("put", dangling.toString()).fails(2);
    shell(1).run("put", "/proc/self/mem", "--to", "/x").fails(2); // opens, and cannot be read
    shell(1).run("get", "/kept", "-o", work.resolve("no/such/folder").toString()).fails(2);
    shell(1).run("run", work.resolve("none.wasm").toString()).fails(2);
  }

  @Test
  void pathsJobsAndGroupsThatNobodyKnows() {
    shell(1).run("get", "/no/such/path", "-o", work.resolve("x").toString()).fails(3);
    shell(1).run("stat", "/no/such/path").fails(3);
    shell(1).run("ls", "/no/such/path").fails(3);
    shell(1).run("rm", "/no/such/path").fails(3);
    shell(1).run("job", "show", "00".repeat(32)).fails(3);
    shell(1).run("job", "show", "nonsense").fails(2);
    assertThat(work.resolve("x")).doesNotExist();
  }

  @Test
  void programsThatAreNone() throws Exception {
    Path text = Files.writeString(work.resolve("prog.wasm"), "no program at all");
    shell(1).run("inspect", text.toString()).fails(8);
    shell(1).run("run", text.toString()).fails(8);
    Path cut = TestPrograms.wordCount(work);
    Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 1000));
    shell(1).run("run", cut.toString()).fails(8);
  }

  @Test
  void programsThatNobodyCanRun() throws Exception {
    shell(1).run("run", TestPrograms.foreignImport(work).toString()).fails(8);
    // 4 GiB is what 32 bits can name; 8 GiB is beyond what a module may say.
    shell(1).run("run", TestPrograms.wantsPages(work, 65_536).toString()).fails(8);
    shell(1).run("run", TestPrograms.wantsPages(work, 131_072).toString()).fails(8);
  }

  @Test
  void programThatNeverEnds() throws Exception {
    Path program = TestPrograms.endless(work);
    Path answer = work.resolve("answer");
    Shell.Ended ended =
        shell(1).run("run", program.toString(), "--timeout", "3s", "-o", answer.toString());
    ended.fails(10);
    assertThat(answer).doesNotExist();
    String job = ended.err().lines().findFirst().orElseThrow().substring("job ".length());
    await()
        .until(
            () -> shell(2).run("job", "show", job, "--json").json().get("state").asString(),
            "FAILED"::equals);
    // The workers are free again.
    Path count = TestPrograms.wordCount(work);
    shell(1)
        .runReading(
            "a b a".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "run",
            count.toString(),
            "--in",
            "-")
        .ok();
  }

  @Test
  void ticketsThatAreExpiredSpentOrForeign() throws Exception {
    Shell stranger = home("stranger");
    String ticket =
        shell(1).run("invite", "--expires", "1s", "--json").json().get("ticket").asString();
    long made = System.nanoTime();
    await().until(() -> System.nanoTime() - made > 1_500_000_000L);
    stranger.run("join", ticket).fails(4);
    stranger.run("join", "kith-what-is-this").fails(4);
    String good = shell(1).run("invite", "--json").json().get("ticket").asString();
    int middle = good.length() / 2;
    char other = good.charAt(middle) == 'a' ? 'b' : 'a';
    stranger.run("join", good.substring(0, middle) + other + good.substring(middle + 1)).fails(4);
    stranger.run("join", good).ok();
    home("another").run("join", good).fails(4);
  }

  @Test
  void passwordsThatAreWrong() throws Exception {
    Shell shell = home("locked");
    shell.run("realm", "create").ok();
    shell.with("KITH_PASSWORD", "guess").run("up").fails(4);
    Shell silent = new Shell(work.resolve("locked"), Map.of());
    silent.run("up").fails(4); // it asks nobody
  }

  @Test
  void portsThatAreTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "" + taken.getLocalPort();
      Shell shell = home("crowded");
      shell.run("realm", "create").ok();
      shell.run("up", "--api-port", port).fails(11);
      shell.run("up", "--api-port", "0", "--listen", "/ip4/127.0.0.1/tcp/" + port).fails(11);
    }
  }

  @Test
  void quotaThatIsFull() throws Exception {
    Shell shell = home("small");
    try {
      shell.run("up").fails(3); // it belongs to no realm, and none is founded behind its back
      shell.run("realm", "create").ok();
      shell.run("up", "--listen", "/ip4/127.0.0.1/tcp/0", "--storage", "96MiB").ok();
      byte[] first = bytes(1_000_000, 2);
      shell.runReading(first, "put", "-", "--to", "/first").ok();
      shell.runReading(bytes(150_000_000, 3), "put", "-", "--to", "/large").fails(6);
      shell.run("stat", "/large").fails(3);
      assertThat(shell.run("get", "/first", "-o", "-").ok().stdout()).isEqualTo(first);
      byte[] third = bytes(1_000_000, 4);
      shell.runReading(third, "put", "-", "--to", "/third").ok();
      shell.run("up").fails(11);
    } finally {
      shell.run("down");
    }
  }

  /** A byte is turned in every segment of two holders: the third has it. */
  @Test
  void holdersThatReturnAlteredBytes() throws Exception {
    byte[] content = bytes(2_000_000, 5);
    shell(1).runReading(content, "put", "-", "--to", "/altered").ok();
    List<String> ids =
        testnet().status().stream().map(dev.kith.testnet.local.PeerStatus::peerId).toList();
    List<Integer> holders =
        shell(1)
            .run("stat", "/altered", "--json")
            .json()
            .get("groups")
            .valueStream()
            .flatMap(g -> g.get("holders").valueStream())
            .map(h -> ids.indexOf(h.asString()) + 1)
            .distinct()
            .toList();
    List<Integer> liars = holders.subList(0, holders.size() - 1);
    for (int liar : liars) {
      alter(testnet().home(liar), content.length);
    }
    for (int peer = 1; peer <= 4; peer++) {
      Shell there = shell(peer);
      await().until(() -> there.run("stat", "/altered").code() == 0);
      assertThat(there.run("get", "/altered", "-o", "-").ok().stdout()).isEqualTo(content);
    }
  }

  /** Turns bits in the middle of what was written last. */
  private static void alter(Path home, int length) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path segment : files.filter(f -> f.toString().endsWith(".seg")).toList()) {
        long size = Files.size(segment);
        if (size < length) {
          continue;
        }
        try (FileChannel channel = FileChannel.open(segment, WRITE)) {
          for (long at = size - length; at < size; at += 50_000) {
            channel.write(ByteBuffer.wrap(new byte[] {0x55, 0x2a, 0x55, 0x2a}), at);
          }
        }
      }
    }
  }

  /** A fresh home with a key of its own. */
  private Shell home(String name) {
    Shell shell = new Shell(work.resolve(name), Map.of("KITH_PASSWORD", "secret"));
    shell.run("init", "--name", name).ok();
    return shell;
  }

  private static byte[] bytes(int length, long seed) {
    byte[] content = new byte[length];
    new SplittableRandom(seed).nextBytes(content);
    return content;
  }
}
