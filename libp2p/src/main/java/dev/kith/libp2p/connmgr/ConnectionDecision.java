package dev.kith.libp2p.connmgr;

import dev.kith.libp2p.identity.PeerId;

/** What a {@link ConnectionMachine} wants done. */
sealed interface ConnectionDecision {
  /** Close a connection, which is of the least value. */
  record Close(long connection, PeerId peer) implements ConnectionDecision {}

  /** Call {@link ConnectionMachine#tick} at this time; one call is enough for several of these. */
  record ArmTimer(long atNanos) implements ConnectionDecision {}
}
