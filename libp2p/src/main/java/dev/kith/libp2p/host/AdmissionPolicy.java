package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;

/**
 * Which peers may use which protocols. A realm admits its members to all, and strangers to the join
 * protocol only; a bare host admits everybody.
 */
@FunctionalInterface
public interface AdmissionPolicy {
  AdmissionPolicy OPEN = (peer, protocol) -> true;

  /**
   * Asked after the handshake, once for each inbound stream; a refused protocol is answered as if
   * it were not served. Called on stream threads: it must not block.
   */
  boolean admits(PeerId peer, String protocol);
}
