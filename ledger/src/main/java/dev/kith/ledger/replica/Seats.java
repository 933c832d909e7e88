package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.simplex.Timing;
import dev.kith.libp2p.identity.PrivateKey;
import java.nio.file.Path;

/**
 * What this device brings to a validator's seat.
 *
 * @param key that it signs votes with
 * @param wal folder of the write-ahead log
 */
record Seats(Genesis.Parameters parameters, PrivateKey key, Path wal, Disk disk) {
  private static final int LONE_PACING_MILLIS = 10;

  Timing timing(int committeeSize) {
    return new Timing(
        parameters.deltaMillis(),
        parameters.deltaMaxMillis(),
        parameters.heartbeatActiveMillis(),
        parameters.heartbeatIdleMillis(),
        committeeSize == 1 ? LONE_PACING_MILLIS : 0);
  }
}
