package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A committee of three over sockets, of which one is a process that is killed. */
final class KilledValidatorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ROUNDS = 3;

  @TempDir Path folder;
  private final Genesis genesis = TestMembers.genesis(3, 3);
  private final List<Host> hosts = new ArrayList<>();
  private final LedgerReplica[] ledgers = new LedgerReplica[3];
  private final TreeMap<Integer, Long> told = new TreeMap<>();

  @BeforeEach
  void start() throws Exception {
    for (int device = 0; device < 3; device++) {
      LedgerReplica.format(genesis, folder(device));
      if (device > 0) {
        hosts.add(
            new HostBuilder(TestMembers.device(device))
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .start());
      }
    }
    for (Host host : hosts) {
      for (Host other : hosts) {
        host.addressBook().add(other.id(), other.listenAddresses(), Duration.ofDays(1));
      }
    }
    start(1);
    start(2);
  }

  @AfterEach
  void stop() throws Exception {
    stop(1);
    stop(2);
    for (Host host : hosts) {
      host.close();
    }
  }

  /**
   * In each round one of the others is away, so that the process's votes are needed; then the
   * process dies, and the two others, one of which saw nothing of it, have to go on.
   */
  @Test
  void whatWasFinal_survivesKill9OfOneOfThree_andOfTheirRestarts() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String run = "round " + round + ", seed " + seed;
      int away = 1 + random.nextInt(2);
      stop(away);
      Head head = recordUntilKilled(1 + round * 1_000, random.nextInt(40), run);
      start(away);
      Ledger present = ledgers[3 - away];
      assertThat(present.submit(TestRealm.offer(1), PATIENCE).applied()).as(run).isTrue();
      assertThat(ledgers[away].submit(TestRealm.offer(2), PATIENCE).applied()).as(run).isTrue();
      assertThat(present.view().height()).as(run).isGreaterThanOrEqualTo(head.height);
      if (head.height > 0) {
        assertThat(present.blocks(head.height, 1).getFirst().digest().toHexString())
            .as(run)
            .isEqualTo(head.digest);
      }
      for (int survivor = 1; survivor < 3; survivor++) {
        Ledger ledger = ledgers[survivor];
        await().atMost(PATIENCE).until(() -> recorded(ledger).keySet().containsAll(told.keySet()));
        assertThat(recorded(ledger)).as(run).containsAllEntriesOf(told);
      }
      assertAgreement(run);
    }
  }

  /** Runs the process until it told of some final records, and a bit longer. */
  private Head recordUntilKilled(int first, int finals, String run) throws Exception {
    long before = told.isEmpty() ? 0 : told.values().stream().mapToLong(h -> h).max().orElse(0);
    Process peer = process(first);
    try (BufferedReader lines = peer.inputReader(StandardCharsets.UTF_8)) {
      String[] found = read(lines).split(" ", -1);
      assertThat(found[0]).isEqualTo("head");
      Head head = new Head(Long.parseLong(found[1]), found[2]);
      assertThat(head.height).as("what it executed, %s", run).isGreaterThanOrEqualTo(before);
      for (int i = 0; i <= finals; i++) {
        tell(read(lines), run);
      }
      peer.toHandle().destroyForcibly(); // Process.destroyForcibly would close its output
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(".")) {
          tell(line, run);
        }
      }
      peer.waitFor();
      return head;
    } finally {
      peer.destroyForcibly();
    }
  }

  private void tell(String line, String run) {
    String[] words = line.split(" ", -1);
    assertThat(words[0]).as(run).isEqualTo("final");
    told.put(Integer.parseInt(words[1]), Long.parseLong(words[2]));
  }

  /** The process's numbers on a chain, and the heights at which they stand. */
  private static Map<Integer, Long> recorded(Ledger ledger) throws IOException {
    RecordFilter all = new RecordFilter(Optional.empty(), Optional.empty(), Optional.empty());
    Map<Integer, Long> recorded = new TreeMap<>();
    for (RecordEntry entry : ledger.records(1, all, 20_000)) {
      if (entry.outcome().applied()
          && entry.record().author().equals(TestMembers.peer(0))
          && entry.record().fact() instanceof OfferPut put) {
        recorded.put(put.slots(), entry.height());
      }
    }
    return recorded;
  }

  private void assertAgreement(String run) throws IOException {
    long height = Math.min(ledgers[1].view().height(), ledgers[2].view().height());
    assertThat(ledgers[1].blocks(1, (int) height).stream().map(b -> b.digest()))
        .as(run)
        .isEqualTo(ledgers[2].blocks(1, (int) height).stream().map(b -> b.digest()).toList());
  }

  private static String read(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the process ended by itself");
    }
    return line;
  }

  private Process process(int first) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledValidator.class.getName(),
                folder(0).toString(),
                String.valueOf(first)));
    hosts.forEach(host -> command.add(host.listenAddresses().getFirst().toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private Path folder(int device) {
    return folder.resolve("device-" + device);
  }

  private void start(int device) throws IOException {
    ledgers[device] =
        LedgerReplica.start(
            genesis,
            hosts.get(device - 1),
            TestMembers.device(device),
            folder(device),
            PeerFinder.NONE);
  }

  private void stop(int device) {
    ledgers[device].close();
  }

  private record Head(long height, String digest) {}
}
