package dev.kith.node.daemon;

import dev.kith.ledger.Ledger;
import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionGater;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.Direction;
import dev.kith.node.realm.JoinServer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Members of the realm may use everything, strangers only what lets them introduce themselves and
 * join; and of strangers no more than a few are connected at one time, so that they leave room for
 * members. Thread-safe.
 */
final class RealmAdmission implements AdmissionPolicy, ConnectionGater {
  /** Inbound connections of strangers. */
  static final int STRANGERS_MAX = 64;

  /** Of those, from one IP address: nobody alone can keep others from joining. */
  static final int STRANGERS_OF_ADDRESS_MAX = 8;

  private static final Set<String> FOR_STRANGERS =
      Set.of(JoinServer.PROTOCOL, "/ipfs/id/1.0.0", "/ipfs/ping/1.0.0");

  private final Set<PeerId> founders;
  private volatile Optional<Ledger> ledger = Optional.empty();
  private volatile Optional<Host> host = Optional.empty();

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

  /** Whose connections are counted. */
  void host(Host started) {
    host = Optional.of(started);
  }

  @Override
  public boolean admits(PeerId peer, String protocol) {
    return FOR_STRANGERS.contains(protocol) || member(peer);
  }

  @Override
  public boolean admitsSecured(Direction direction, PeerId peer, Multiaddr remote) {
    if (direction == Direction.OUTBOUND || member(peer)) {
      return true;
    }
    List<Connection> strangers = strangers();
    return strangers.size() < STRANGERS_MAX
        && strangers.stream().filter(c -> c.remoteAddress().ip().equals(remote.ip())).count()
            < STRANGERS_OF_ADDRESS_MAX;
  }

  private boolean member(PeerId peer) {
    return ledger
        .map(open -> open.view().member(peer).isPresent())
        .orElseGet(() -> founders.contains(peer));
  }

  private List<Connection> strangers() {
    return host.map(Host::connections).orElse(List.of()).stream()
        .filter(connection -> !connection.outbound() && !member(connection.remotePeer()))
        .toList();
  }
}
