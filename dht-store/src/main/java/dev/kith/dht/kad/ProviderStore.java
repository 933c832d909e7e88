package dev.kith.dht.kad;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kith.dht.proto.KadProto.MessageProto.PeerProto;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * Who said that they provide a key. An entry lives for a day unless its provider repeats it.
 *
 * <p>Layout: {@code "kad/provider/" | u8 key length | key | peer id multihash} holds {@code i64
 * expiry, milliseconds since 1970 | PeerProto}. Entries are not fsynced: their providers repeat
 * them anyway. Thread-safe.
 */
final class ProviderStore {
  private static final byte[] PREFIX = "kad/provider/".getBytes(StandardCharsets.US_ASCII);

  private final Datastore store;
  private final Limits limits;
  // Counted at start and kept up to date, as the datastore has no cheap count.
  private final Map<PeerId, Integer> entriesOf = new HashMap<>();
  private int entries;

  /**
   * @param entriesMax in all
   * @param perKeyMax providers of one key
   * @param perPeerMax keys of one provider
   * @param lifetime of an entry that is not repeated
   */
  record Limits(int entriesMax, int perKeyMax, int perPeerMax, Duration lifetime) {
    static Limits of(Duration lifetime) {
      return new Limits(500_000, 128, 100_000, lifetime);
    }
  }

  ProviderStore(Datastore store, Limits limits) throws IOException {
    this.store = store;
    this.limits = limits;
    store.scan(
        PREFIX,
        (key, value) -> {
          entry(value).ifPresent(e -> count(e.provider().id(), 1));
          return true;
        });
  }

  private record Entry(Contact provider, Instant expiry) {}

  /** Takes or prolongs an entry; false where a limit is reached. */
  synchronized boolean add(Bytes key, Contact provider, Instant now) throws IOException {
    byte[] place = place(key, provider.id());
    if (store.get(place) == null) {
      boolean room =
          entries < limits.entriesMax()
              && entriesOf.getOrDefault(provider.id(), 0) < limits.perPeerMax()
              && of(key, now).size() < limits.perKeyMax();
      if (!room) {
        return false;
      }
      count(provider.id(), 1);
    }
    byte[] peer = KadCodec.encode(provider).toByteArray();
    long expiry = now.plus(limits.lifetime()).toEpochMilli();
    byte[] value = ByteBuffer.allocate(8 + peer.length).putLong(expiry).put(peer).array();
    store.write(new Datastore.Batch().put(place, value), false);
    return true;
  }

  synchronized void remove(Bytes key, PeerId provider) throws IOException {
    byte[] place = place(key, provider);
    if (store.get(place) != null) {
      count(provider, -1);
      store.write(new Datastore.Batch().delete(place), false);
    }
  }

  /** The providers of a key whose entries have not expired. */
  List<Contact> of(Bytes key, Instant now) throws IOException {
    List<Contact> providers = new ArrayList<>();
    store.scan(
        place(key),
        (place, value) -> {
          entry(value)
              .filter(e -> e.expiry().isAfter(now))
              .ifPresent(e -> providers.add(e.provider()));
          return providers.size() < limits.perKeyMax();
        });
    return providers;
  }

  /** Deletes what has expired; returns how many entries that were. */
  synchronized int sweep(Instant now) throws IOException {
    Datastore.Batch expired = new Datastore.Batch();
    store.scan(
        PREFIX,
        (place, value) -> {
          Optional<Entry> entry = entry(value);
          if (entry.isEmpty() || !entry.get().expiry().isAfter(now)) {
            entry.ifPresent(e -> count(e.provider().id(), -1));
            expired.delete(place);
          }
          return true;
        });
    int count = expired.changes().size();
    if (count > 0) {
      store.write(expired, false);
    }
    return count;
  }

  synchronized int size() {
    return entries;
  }

  private void count(PeerId provider, int change) {
    entries += change;
    entriesOf.merge(provider, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
  }

  /** Empty for an entry that is damaged; the next sweep deletes it. */
  private static Optional<Entry> entry(byte[] value) {
    if (value.length < 8) {
      return Optional.empty();
    }
    Instant expiry = Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong());
    try {
      ByteString peer = ByteString.copyFrom(value, 8, value.length - 8);
      return KadCodec.decode(PeerProto.parseFrom(peer)).map(c -> new Entry(c, expiry));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static byte[] place(Bytes key) {
    return ByteBuffer.allocate(PREFIX.length + 1 + key.size())
        .put(PREFIX)
        .put((byte) key.size())
        .put(key.toArrayUnsafe())
        .array();
  }

  private static byte[] place(Bytes key, PeerId provider) {
    byte[] prefix = place(key);
    byte[] id = provider.multihash().toArrayUnsafe();
    return ByteBuffer.allocate(prefix.length + id.length).put(prefix).put(id).array();
  }
}
