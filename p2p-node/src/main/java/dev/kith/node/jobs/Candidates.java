package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.ProgramInfo;
import dev.kith.node.jobs.race.RaceEvent.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Who can run a program: by the offers on the ledger, and this device by its own settings. */
final class Candidates {
  private static final int MIB = 1 << 20;

  private final Ledger ledger;
  private final PeerId self;
  private final PartExecutor own;

  Candidates(Ledger ledger, PeerId self, PartExecutor own) {
    this.ledger = ledger;
    this.self = self;
    this.own = own;
  }

  private record Offer(PeerId peer, int slots, long memoryBytes, Collection<String> capabilities) {}

  List<Candidate> of(ProgramInfo program) {
    return offers().stream()
        .filter(offer -> offer.slots > 0)
        .filter(offer -> offer.memoryBytes >= program.memoryBytesMin())
        .filter(offer -> offer.capabilities.containsAll(program.capabilities()))
        .map(offer -> new Candidate(offer.peer, ComputeLimits.capacity(offer.slots)))
        .toList();
  }

  /** Why {@link #of} is empty, one line. */
  String whyNone(ProgramInfo program) {
    List<Offer> offers = offers().stream().filter(offer -> offer.slots > 0).toList();
    if (offers.isEmpty()) {
      return "no peer of this realm offers to compute";
    }
    TreeSet<String> missing = new TreeSet<>(program.capabilities());
    offers.forEach(offer -> missing.removeAll(offer.capabilities));
    if (!missing.isEmpty()) {
      return "no peer offers what the program needs: " + String.join(", ", missing);
    }
    long most = offers.stream().mapToLong(Offer::memoryBytes).max().orElse(0);
    if (most < program.memoryBytesMin()) {
      return "the program wants %d MiB of memory at start; peers offer at most %d MiB"
          .formatted(program.memoryBytesMin() / MIB, most / MIB);
    }
    return "no peer offers all that the program needs: "
        + String.join(", ", program.capabilities());
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    offers.add(
        new Offer(
            self, own.limits().slots(), (long) own.limits().memoryMiB() * MIB, own.capabilities()));
    for (Member member : ledger.view().members()) {
      if (!member.peer().equals(self)) {
        Optional<Offer> offer =
            member
                .offer()
                .map(
                    o ->
                        new Offer(
                            member.peer(),
                            o.slots(),
                            (long) o.memoryMiB() * MIB,
                            o.capabilities()));
        offer.ifPresent(offers::add);
      }
    }
    return offers;
  }
}
