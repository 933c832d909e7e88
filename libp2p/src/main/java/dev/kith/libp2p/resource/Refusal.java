package dev.kith.libp2p.resource;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Subnet;
import java.util.Optional;

/**
 * Something that was not allowed.
 *
 * @param peer who wanted it, where that is known
 * @param subnet where from, where that is known
 * @param scope whose bound it met, such as {@code system} or {@code protocol /ipfs/ping/1.0.0}
 * @param what was wanted
 * @param direction who wanted it: the remote, or this host
 */
public record Refusal(
    Optional<PeerId> peer, Optional<Subnet> subnet, String scope, What what, Direction direction) {

  /** Kinds of things. */
  public enum What {
    /** A connection, or its handshake. */
    CONNECTION,
    /** A stream. */
    STREAM
  }

  /**
   * Whether the remote alone is to blame: it wanted more than its own share, not just more than was
   * left by others.
   */
  public boolean abuse() {
    return direction == Direction.INBOUND && (scope.startsWith("peer") || scope.equals("subnet"));
  }

  @Override
  public String toString() {
    return "no further "
        + direction.name().toLowerCase(java.util.Locale.ROOT)
        + " "
        + what.name().toLowerCase(java.util.Locale.ROOT)
        + " of "
        + (peer.isPresent() ? peer.get() : subnet.isPresent() ? subnet.get() : "anybody")
        + ": the bound of "
        + scope
        + " is reached";
  }
}
