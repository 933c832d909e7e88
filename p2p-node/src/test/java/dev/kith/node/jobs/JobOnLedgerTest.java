package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.replica.LedgerReplica;
import dev.kith.ledger.replica.PeerFinder;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.node.compute.PartOutcome.Answered;
import dev.kith.node.jobs.JobService.Input;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.jobs.JobView.State;
import dev.kith.node.testing.MemoryFiles;
import dev.kith.node.testing.ScriptedExecutor;
import dev.kith.node.testing.WasmPrograms;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on the real ledger: three validators that vote, and a follower that coordinates. */
class JobOnLedgerTest {
  private static final int PEERS = 4;

  @TempDir private Path folder;

  @Test
  void job_standsOnTheLedgerFromItsSplitToItsSeal() throws Exception {
    Secp256k1PrivateKey owner = Keys.secp256k1FromSeed(99);
    List<Secp256k1PrivateKey> keys = new ArrayList<>();
    List<Genesis.Founder> founders = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      Secp256k1PrivateKey key = Keys.secp256k1FromSeed(i);
      keys.add(key);
      founders.add(
          new Genesis.Founder(key.publicKey().peerId(), "peer-" + i, "", grant(owner, key)));
    }
    Genesis genesis =
        new Genesis(
            "test", System.currentTimeMillis(), founders, List.of(1, 2, 3), Genesis.Parameters.LAN);
    try (MemoryNetwork network = new MemoryNetwork()) {
      List<Ledger> ledgers = new ArrayList<>();
      List<JobEngine> engines = new ArrayList<>();
      MemoryFiles files = new MemoryFiles();
      List<Host> hosts = keys.stream().map(key -> network.host(key)).toList();
      for (Host host : hosts) {
        hosts.forEach(
            other ->
                host.addressBook().add(other.id(), other.listenAddresses(), Duration.ofDays(1)));
      }
      for (int i = 0; i < PEERS; i++) {
        Path home = folder.resolve("ledger-" + i);
        if (i > 0) {
          LedgerReplica.format(genesis, home);
        }
        Ledger ledger =
            LedgerReplica.start(genesis, hosts.get(i), keys.get(i), home, PeerFinder.NONE);
        ledgers.add(ledger);
        engines.add(
            JobEngine.start(
                folder.resolve("jobs-" + i),
                hosts.get(i),
                ledger,
                files,
                new ScriptedExecutor(
                    1,
                    (work, stdin, stdout) -> {
                      stdout.write(stdin);
                      return new Answered(stdin.length);
                    }),
                Bytes32.repeat((byte) 1)));
      }
      for (Ledger ledger : ledgers) {
        ledger.submit(
            new OfferPut(1, 256, 0, List.of("runtime.wasm", "wasi.preview1"), 3600),
            Duration.ofSeconds(30));
      }
      run(engines, ledgers.getFirst());
      for (int i = 0; i < PEERS; i++) {
        engines.get(i).close();
        ledgers.get(i).close();
      }
    }
  }

  private void run(List<JobEngine> engines, Ledger ledger) throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "a\nb\nc\n".repeat(50));
    Bytes program = WasmPrograms.echo();
    JobRequest request =
        new JobRequest(
            program,
            "echo.wasm",
            List.of(new Input.Spooled("input", input)),
            new Split.Lines(3),
            2,
            List.of(),
            Duration.ofMinutes(1));
    Bytes32 job = engines.getFirst().start(request);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JobView last = engines.getFirst().await(job, out, view -> {});
    assertThat(last.state()).as("%s", last.reason()).isEqualTo(State.DONE);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nc\n".repeat(50));

    TaskRow row = ledger.view().task(job).orElseThrow();
    assertThat(row.firstResponders()).hasSize(50);
    assertThat(row.seal()).isPresent();
    List<RecordEntry> records =
        ledger.records(
            0, new RecordFilter(Optional.empty(), Optional.of(job), Optional.empty()), 1000);
    assertThat(records)
        .extracting(r -> r.record().fact().getClass().getSimpleName())
        .startsWith("TaskOpen")
        .endsWith("TaskSeal")
        .contains("PartDone");
    await().until(() -> engines.get(2).show(job).state() == State.DONE);
    assertThat(engines.get(2).show(job).parts()).allMatch(part -> part.attempts().size() >= 3);
  }

  private static DeviceGrant grant(Secp256k1PrivateKey owner, Secp256k1PrivateKey device) {
    Bytes key = owner.publicKey().raw();
    Bytes message =
        DeviceGrant.message(Bytes32.ZERO, key, device.publicKey().peerId(), 0, Bytes.EMPTY);
    return new DeviceGrant(
        key, device.publicKey().peerId(), 0, Bytes.EMPTY, Signatures.sign(owner, message));
  }
}
