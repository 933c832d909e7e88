package dev.kith.libp2p.datastore;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A datastore on the heap, for tests and for peers that keep nothing. */
public final class MemoryDatastore implements Datastore {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
  private boolean closed;

  @Override
  public byte @Nullable [] get(byte[] key) throws IOException {
    lock.readLock().lock();
    try {
      checkOpen();
      byte[] value = map.get(key);
      return value == null ? null : value.clone();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void write(Batch batch, boolean durable) throws IOException {
    lock.writeLock().lock();
    try {
      checkOpen();
      for (Change change : batch.changes()) {
        byte[] value = change.value();
        if (value == null) {
          map.remove(change.key());
        } else {
          map.put(change.key().clone(), value.clone());
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    for (Map.Entry<byte[], byte[]> entry : snapshot(prefix).entrySet()) {
      if (!visitor.visit(entry.getKey().clone(), entry.getValue().clone())) {
        return;
      }
    }
  }

  /** The visitor may write to this store, so it walks over a copy. */
  private NavigableMap<byte[], byte[]> snapshot(byte[] prefix) throws IOException {
    lock.readLock().lock();
    try {
      checkOpen();
      NavigableMap<byte[], byte[]> tail = new TreeMap<>(Arrays::compareUnsigned);
      for (Map.Entry<byte[], byte[]> entry : map.tailMap(prefix, true).entrySet()) {
        if (!Prefix.of(prefix, entry.getKey())) {
          break;
        }
        tail.put(entry.getKey(), entry.getValue());
      }
      return tail;
    } finally {
      lock.readLock().unlock();
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the datastore is closed");
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
