package dev.kith.node.files.holder;

import java.time.Duration;

/**
 * When a holder lets go of groups.
 *
 * @param deletionGrace from a final GroupDead to the deletion, for readers who are at it
 * @param orphanAge from which on a group that the ledger knows nothing of is deleted
 * @param checkInterval between two comparisons of the store with the ledger
 */
public record HolderSettings(Duration deletionGrace, Duration orphanAge, Duration checkInterval) {
  /** A put has a day to become final; the orphan age leaves it another one. */
  public static final HolderSettings DEFAULT =
      new HolderSettings(Duration.ofMinutes(1), Duration.ofHours(48), Duration.ofHours(1));
}
