package dev.kith.libp2p.datastore;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map from bytes to bytes, keys compared as unsigned bytes. Thread-safe.
 *
 * <p>Every write is atomic as a whole; with {@code durable} it has been fsynced when the call
 * returns, otherwise a crash of the machine (not of the process) may lose it, newest writes first.
 */
public interface Datastore extends AutoCloseable {
  /** The value, or null where the key is absent. */
  byte @Nullable [] get(byte[] key) throws IOException;

  /** Applies all of it or nothing. */
  void write(Batch batch, boolean durable) throws IOException;

  /** Walks the keys that begin with {@code prefix}, in order, on a snapshot of this moment. */
  void scan(byte[] prefix, Visitor visitor) throws IOException;

  @Override
  void close() throws IOException;

  /** One key and its value; returns whether the walk goes on. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(byte[] key, byte[] value) throws IOException;
  }

  /** Changes that are applied together, in order. */
  final class Batch {
    private final java.util.ArrayList<Change> changes = new java.util.ArrayList<>();

    public Batch put(byte[] key, byte[] value) {
      changes.add(new Change(key, value));
      return this;
    }

    public Batch delete(byte[] key) {
      changes.add(new Change(key, null));
      return this;
    }

    public List<Change> changes() {
      return List.copyOf(changes);
    }
  }

  /** A put, or a deletion where {@code value} is null. */
  @SuppressWarnings("ArrayRecordComponent") // carried through once, never compared
  record Change(byte[] key, byte @Nullable [] value) {}
}
