package dev.kith.node.files;

import dev.kith.node.files.holder.HolderSettings;
import java.time.Duration;

/**
 * Times of the file engine that tests shorten.
 *
 * @param sweepDelay from a change of the names to the sweep for dead groups
 * @param sweepGap between two sweeps at least
 * @param sweepInterval between two sweeps at most
 * @param retryDelay between two attempts to finish what met a stalled ledger; it doubles up to 32
 *     times
 * @param warmUp how long AES is warmed up in the background at start
 */
record FileSettings(
    HolderSettings holder,
    Duration sweepDelay,
    Duration sweepGap,
    Duration sweepInterval,
    Duration retryDelay,
    Duration warmUp) {
  static final FileSettings DEFAULT =
      new FileSettings(
          HolderSettings.DEFAULT,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofHours(6),
          Duration.ofSeconds(5),
          dev.kith.dht.chunk.CipherWarmUp.DEFAULT);
}
