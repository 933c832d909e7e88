package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.record.Fact;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Validator 0 of a committee in a process of its own, which records numbers until it is killed:
 * {@code FOLDER FIRST-NUMBER ADDRESS-OF-VALIDATOR-1 ...}.
 */
final class KilledValidator {
  private KilledValidator() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    List<String> others = List.of(args).subList(2, args.length);
    Genesis genesis = TestMembers.genesis(others.size() + 1, others.size() + 1);
    Host host =
        new HostBuilder(TestMembers.device(0))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .start();
    for (int i = 0; i < others.size(); i++) {
      host.addressBook()
          .add(
              TestMembers.peer(i + 1), List.of(Multiaddr.parse(others.get(i))), Duration.ofDays(1));
    }
    Opened opened =
        Opened.open(
            genesis, host, TestMembers.device(0), Path.of(args[0]), PeerFinder.NONE, Disk.REAL);
    var head = opened.replicated().head();
    out.println("head " + head.height() + " " + head.digest() + " .");
    opened.start();
    for (int number = Integer.parseInt(args[1]); ; number++) {
      List<Fact> facts = List.of(TestRealm.offer(number));
      switch (opened.submitter().submit(facts, Duration.ofSeconds(30)).getFirst()) {
        case Outcome.Applied(long height) -> out.println("final " + number + " " + height + " .");
        case Outcome.Refused refused -> out.println(refused + " .");
      }
    }
  }
}
