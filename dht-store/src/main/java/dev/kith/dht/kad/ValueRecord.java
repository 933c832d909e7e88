package dev.kith.dht.kad;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A value under a key (libp2p/specs kad-dht, {@code Record}).
 *
 * @param received when the peer that stores it took it; set by that peer alone
 */
record ValueRecord(Bytes key, Bytes value, Optional<Instant> received) {
  static final int KEY_BYTES_MAX = 1024;
  static final int VALUE_BYTES_MAX = 64 * 1024;

  ValueRecord {
    Objects.requireNonNull(received, "received");
    if (key.isEmpty() || key.size() > KEY_BYTES_MAX) {
      throw new IllegalArgumentException("key: " + key.size() + " bytes");
    }
    if (value.size() > VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("value: " + value.size() + " bytes");
    }
  }
}
