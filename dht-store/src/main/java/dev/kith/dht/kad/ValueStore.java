package dev.kith.dht.kad;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.dht.proto.KadProto.RecordProto;
import dev.kith.libp2p.datastore.Datastore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Values that this peer keeps for others. What goes in and what comes out is valid by the rules of
 * its namespace; of two values for one key the better one stays. An entry lives for two days.
 *
 * <p>Layout: {@code "kad/value/" | key} holds a {@code RecordProto} with the time of its arrival.
 * Thread-safe.
 */
final class ValueStore {
  private static final byte[] PREFIX = "kad/value/".getBytes(StandardCharsets.US_ASCII);

  private final Datastore store;
  private final Validators validators;
  private final Limits limits;
  private int entries;
  private long bytes;

  /**
   * @param entriesMax values in all
   * @param bytesMax of all values together
   * @param lifetime of a value since it arrived
   */
  record Limits(int entriesMax, long bytesMax, Duration lifetime) {
    static final Limits DEFAULT = new Limits(65_536, 256L << 20, Duration.ofDays(2));
  }

  ValueStore(Datastore store, Validators validators, Limits limits) throws IOException {
    this.store = store;
    this.validators = validators;
    this.limits = limits;
    store.scan(
        PREFIX,
        (key, value) -> {
          entries++;
          bytes += value.length;
          return true;
        });
  }

  /** What became of a value. */
  enum Put {
    STORED,
    /** A better one is there already, or the same. */
    KEPT_OLD,
    INVALID,
    FULL
  }

  synchronized Put put(Bytes key, Bytes value, Instant now) throws IOException {
    if (!validators.valid(key, value)) {
      return Put.INVALID;
    }
    Optional<ValueRecord> old = get(key, now);
    if (old.isPresent()) {
      Bytes kept = old.get().value();
      // An equal value is written again, which prolongs it.
      if (!kept.equals(value) && validators.select(key, List.of(kept, value)) == 0) {
        return Put.KEPT_OLD;
      }
    }
    byte[] place = place(key);
    byte[] before = store.get(place);
    byte[] after = KadCodec.encode(new ValueRecord(key, value, Optional.of(now))).toByteArray();
    int entriesAfter = entries + (before == null ? 1 : 0);
    long bytesAfter = bytes + after.length - (before == null ? 0 : before.length);
    if (entriesAfter > limits.entriesMax() || bytesAfter > limits.bytesMax()) {
      return Put.FULL;
    }
    store.write(new Datastore.Batch().put(place, after), false);
    entries = entriesAfter;
    bytes = bytesAfter;
    return Put.STORED;
  }

  /** The value, where it is still valid and has not expired. */
  Optional<ValueRecord> get(Bytes key, Instant now) throws IOException {
    byte[] stored = store.get(place(key));
    if (stored == null) {
      return Optional.empty();
    }
    return decode(stored).filter(r -> live(r, now)).filter(r -> validators.valid(key, r.value()));
  }

  /** Deletes what has expired; returns how many values that were. */
  synchronized int sweep(Instant now) throws IOException {
    Datastore.Batch expired = new Datastore.Batch();
    store.scan(
        PREFIX,
        (place, value) -> {
          if (decode(value).filter(r -> live(r, now)).isEmpty()) {
            expired.delete(place);
            entries--;
            bytes -= value.length;
          }
          return true;
        });
    int count = expired.changes().size();
    if (count > 0) {
      store.write(expired, false);
    }
    return count;
  }

  private boolean live(ValueRecord record, Instant now) {
    return record.received().isPresent()
        && record.received().get().plus(limits.lifetime()).isAfter(now);
  }

  private static Optional<ValueRecord> decode(byte[] stored) {
    try {
      return KadCodec.decode(RecordProto.parseFrom(stored));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static byte[] place(Bytes key) {
    return ByteBuffer.allocate(PREFIX.length + key.size())
        .put(PREFIX)
        .put(key.toArrayUnsafe())
        .array();
  }
}
