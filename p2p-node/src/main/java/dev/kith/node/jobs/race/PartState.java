package dev.kith.node.jobs.race;

import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A part that is being raced. */
final class PartState {
  final int part;

  /** Under way, in the order of their start. */
  final List<AttemptState> racing = new ArrayList<>();

  final Set<PeerId> failed = new HashSet<>();

  /** How many worker processes died under it, by peer. */
  final Map<PeerId, Integer> workersLost = new HashMap<>();

  String lastFailure = "";

  /** How many are wanted under way; grows when the part is overdue. */
  int wanted;

  long overdueAt;

  PartState(int part) {
    this.part = part;
  }

  boolean racedBy(PeerId peer) {
    return racing.stream().anyMatch(a -> a.peer.peer.equals(peer));
  }

  /** The lowest rank that no racer has: a replacement takes that of whom it replaces. */
  int freeRank() {
    int rank = 0;
    while (hasRank(rank)) {
      rank++;
    }
    return rank;
  }

  private boolean hasRank(int rank) {
    return racing.stream().anyMatch(a -> a.rank == rank);
  }

  /** One try of one peer. */
  record AttemptState(int number, PartState part, PeerState peer, int rank, long startedMillis) {}
}
