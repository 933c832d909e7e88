package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.jobs.JobService.Input;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.testing.MemoryFiles;
import dev.kith.node.testing.MemoryLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** A realm of one owner in one process: hosts in memory, one ledger, one store, engines. */
final class JobMesh implements AutoCloseable {
  static final Bytes OWNER = Keys.fromSeed(KeyType.SECP256K1, 1_000).publicKey().raw();
  private static final Bytes32 JOB_KEY = Bytes32.repeat((byte) 9);

  final MemoryNetwork network = new MemoryNetwork();
  final MemoryLedger ledger = new MemoryLedger();
  final MemoryFiles files = new MemoryFiles();
  final List<Peer> peers = new ArrayList<>();
  private final Path folder;

  final class Peer {
    final Host host;
    final Ledger replica;
    final PartExecutor executor;
    final Path home;
    JobEngine engine;

    Peer(int number, PartExecutor executor) throws IOException {
      PrivateKey key = Keys.fromSeed(KeyType.SECP256K1, number);
      this.host = network.host(key);
      this.replica = ledger.replica(host.id());
      this.executor = executor;
      this.home = folder.resolve("peer-" + number);
      ledger.join(host.id(), OWNER);
      this.engine = start();
    }

    private JobEngine start() throws IOException {
      return JobEngine.start(home, host, replica, files, executor, JOB_KEY);
    }

    PeerId id() {
      return host.id();
    }

    /** As a daemon that is killed and started again. */
    void restart() throws IOException {
      engine.close();
      engine = start();
    }
  }

  JobMesh(Path folder) {
    this.folder = folder;
  }

  Peer add(PartExecutor executor) throws IOException, InterruptedException {
    Peer peer = new Peer(peers.size(), executor);
    for (Peer other : peers) {
      other.host.addressBook().add(peer.id(), peer.host.listenAddresses(), Duration.ofDays(1));
      peer.host.addressBook().add(other.id(), other.host.listenAddresses(), Duration.ofDays(1));
    }
    peers.add(peer);
    peer.replica.submit(
        new OfferPut(
            executor.limits().slots(),
            executor.limits().memoryMiB(),
            0,
            executor.capabilities(),
            3600),
        Duration.ofSeconds(1));
    return peer;
  }

  JobEngine engine(int peer) {
    return peers.get(peer).engine;
  }

  /** A request with uploaded inputs. */
  JobRequest request(Bytes program, Split split, int entropy, String... inputs) throws IOException {
    List<Input> spooled = new ArrayList<>();
    for (String input : inputs) {
      Path file = Files.createTempFile(folder, "input", ".txt");
      Files.writeString(file, input, StandardCharsets.UTF_8);
      spooled.add(new Input.Spooled("input.txt", file));
    }
    return new JobRequest(
        program, "test.wasm", spooled, split, entropy, List.of("arg"), Duration.ofMinutes(1));
  }

  @Override
  public void close() {
    peers.forEach(peer -> peer.engine.close());
    network.close();
  }
}
