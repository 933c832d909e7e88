package dev.kith.libp2p.connmgr;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;

/**
 * Says what peers are worth, so that the right connections are closed when there are too many.
 * Thread-safe; no method blocks.
 *
 * <p>A peer's value is the sum of its tags; without any it is zero. Whoever tags takes its tag away
 * again. Tags and protections outlive connections, within bounds: of 4,096 peers without a
 * connection those that were tagged least recently lose their tags, but not their protections.
 */
public interface ConnectionManager {
  /**
   * Sets a tag of a peer, in place of the weight that it had.
   *
   * @param weight what it adds to the peer's value; may be negative
   */
  void tag(PeerId peer, String tag, int weight);

  /** Takes a tag away, if it is there. */
  void untag(PeerId peer, String tag);

  /**
   * Adds to a tag that fades: after each half-life half of it is left.
   *
   * @param delta may be negative, for a penalty that is forgiven in time
   */
  void bump(PeerId peer, String tag, int delta, Duration halfLife);

  /** What a peer is worth at this moment. */
  int value(PeerId peer);

  /**
   * Keeps a peer's connections whatever its value is, until every tag that protects it is gone.
   *
   * @throws IllegalArgumentException when 65,536 peers are protected already
   */
  void protect(PeerId peer, String tag);

  /**
   * Takes one protection away.
   *
   * @return whether the peer is still protected
   */
  boolean unprotect(PeerId peer, String tag);

  /** Whether any tag protects a peer. */
  boolean isProtected(PeerId peer);

  /** Closes connections down to the low-water mark, at once. */
  void trim();
}
