package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.memory.MemoryNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Peers of one realm on a network in memory, with folders on disk. */
final class TestRealm implements AutoCloseable {
  final MemoryNetwork network = new MemoryNetwork();
  final Genesis genesis;
  private final Path folder;
  private final List<Host> hosts = new ArrayList<>();
  private final List<LedgerReplica> replicas = new ArrayList<>();

  TestRealm(Path folder, Genesis genesis) throws IOException {
    this.folder = folder;
    this.genesis = genesis;
    for (int i = 0; i < genesis.members().size(); i++) {
      hosts.add(network.host(TestMembers.device(i)));
      replicas.add(null);
      if (genesis.committee().contains(i)) {
        LedgerReplica.format(genesis, folder(i));
      }
    }
    for (Host host : hosts) {
      for (Host other : hosts) {
        host.addressBook().add(other.id(), other.listenAddresses(), Duration.ofDays(1));
      }
    }
  }

  static TestRealm started(Path folder, int members, int validators) throws IOException {
    TestRealm realm = new TestRealm(folder, TestMembers.genesis(members, validators));
    for (int i = 0; i < members; i++) {
      realm.start(i);
    }
    return realm;
  }

  Path folder(int peer) {
    return folder.resolve("peer-" + peer);
  }

  Host host(int peer) {
    return hosts.get(peer);
  }

  /** A host for a device that the genesis does not name; knows everybody. */
  int newcomer() {
    int number = hosts.size();
    Host host = network.host(TestMembers.device(number));
    for (Host other : hosts) {
      host.addressBook().add(other.id(), other.listenAddresses(), Duration.ofDays(1));
    }
    hosts.add(host);
    replicas.add(null);
    return number;
  }

  Ledger start(int peer) throws IOException {
    network.start(hosts.get(peer).id());
    LedgerReplica replica =
        LedgerReplica.start(
            genesis, hosts.get(peer), TestMembers.device(peer), folder(peer), PeerFinder.NONE);
    replicas.set(peer, replica);
    return replica;
  }

  LedgerReplica replica(int peer) {
    return replicas.get(peer);
  }

  Ledger ledger(int peer) {
    return replicas.get(peer);
  }

  /** Off the network at once, then off. */
  void kill(int peer) {
    network.stop(hosts.get(peer).id());
    stop(peer);
  }

  void stop(int peer) {
    LedgerReplica replica = replicas.set(peer, null);
    if (replica != null) {
      replica.close();
    }
  }

  static OfferPut offer(int slots) {
    return new OfferPut(slots, 512, 1L << 30, List.of("runtime.wasm"), 600);
  }

  @Override
  public void close() {
    for (int i = 0; i < replicas.size(); i++) {
      stop(i);
    }
    network.close();
  }
}
