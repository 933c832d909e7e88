package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.memory.MemoryNetwork;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A realm of one in a process of its own, which records numbers until it is killed. */
final class KilledPeer {
  private KilledPeer() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    PrintStream out = System.out;
    Genesis genesis = TestMembers.genesis(1, 1);
    if (!Files.exists(folder)) {
      LedgerReplica.format(genesis, folder);
    }
    try (MemoryNetwork network = new MemoryNetwork();
        Ledger ledger =
            LedgerReplica.start(
                genesis,
                network.host(TestMembers.device(0)),
                TestMembers.device(0),
                folder,
                PeerFinder.NONE)) {
      int number = ledger.view().member(0).orElseThrow().offer().map(OfferPut::slots).orElse(0);
      out.println("found " + number + " at " + ledger.view().height());
      while (true) {
        number++;
        boolean applied = ledger.submit(TestRealm.offer(number), Duration.ofSeconds(30)).applied();
        out.println((applied ? "final " : "refused ") + number + " .");
      }
    }
  }
}
