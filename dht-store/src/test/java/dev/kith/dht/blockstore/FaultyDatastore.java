package dev.kith.dht.blockstore;

import dev.kith.libp2p.datastore.Datastore;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A datastore whose next durable write, once armed, waits, or fails though it was kept. */
final class FaultyDatastore implements Datastore {
  private final Datastore datastore;
  private final CountDownLatch met = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private Fault next = Fault.NONE;

  enum Fault {
    NONE,
    /** Waits for {@link #release}. */
    WAITS,
    /** Writes, and says that it could not. */
    KEEPS_AND_THROWS
  }

  FaultyDatastore(Datastore datastore) {
    this.datastore = datastore;
  }

  synchronized void arm(Fault fault) {
    next = fault;
  }

  /** Blocks until the fault was met. */
  void awaitMet() throws InterruptedException {
    met.await();
  }

  void release() {
    released.countDown();
  }

  private synchronized Fault take(boolean durable) {
    Fault fault = durable ? next : Fault.NONE;
    if (durable) {
      next = Fault.NONE;
    }
    return fault;
  }

  @Override
  public byte @Nullable [] get(byte[] key) throws IOException {
    return datastore.get(key);
  }

  @Override
  public void write(Batch batch, boolean durable) throws IOException {
    switch (take(durable)) {
      case NONE -> datastore.write(batch, durable);
      case WAITS -> {
        met.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        datastore.write(batch, durable);
      }
      case KEEPS_AND_THROWS -> {
        datastore.write(batch, durable);
        met.countDown();
        throw new IOException("the disk says no");
      }
    }
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    datastore.scan(prefix, visitor);
  }

  @Override
  public void close() throws IOException {
    datastore.close();
  }
}
