package dev.kith.node.daemon;

import dev.kith.ledger.Ledger;
import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.realm.JoinServer;
import java.util.Optional;
import java.util.Set;

/**
 * Members of the realm may use everything, strangers only what lets them introduce themselves and
 * join. Thread-safe.
 */
final class RealmAdmission implements AdmissionPolicy {
  private static final Set<String> FOR_STRANGERS =
      Set.of(JoinServer.PROTOCOL, "/ipfs/id/1.0.0", "/ipfs/ping/1.0.0");

  private final Set<PeerId> founders;
  private volatile Optional<Ledger> ledger = Optional.empty();

  /**
   * @param founders who are admitted until the ledger is open
   */
  RealmAdmission(Set<PeerId> founders) {
    this.founders = Set.copyOf(founders);
  }

  /** From now on the ledger decides. */
  void ledger(Ledger opened) {
    ledger = Optional.of(opened);
  }

  @Override
  public boolean admits(PeerId peer, String protocol) {
    return FOR_STRANGERS.contains(protocol)
        || ledger
            .map(open -> open.view().member(peer).isPresent())
            .orElseGet(() -> founders.contains(peer));
  }
}
