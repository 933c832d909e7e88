package dev.kith.ledger;

import dev.kith.libp2p.identity.PeerId;
import java.util.List;

/**
 * @param committee the validators, in order
 * @param reachable validators heard from lately, this peer included
 * @param quorum validators needed for a final block
 */
public record LedgerStatus(
    long height,
    long epoch,
    long view,
    long timeMillis,
    boolean validator,
    List<PeerId> committee,
    List<PeerId> reachable,
    int quorum,
    int pendingRecords) {
  public LedgerStatus {
    committee = List.copyOf(committee);
    reachable = List.copyOf(reachable);
  }

  public boolean stalled() {
    return reachable.size() < quorum;
  }
}
