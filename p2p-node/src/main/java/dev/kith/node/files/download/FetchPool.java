package dev.kith.node.files.download;

import dev.kith.dht.transfer.FetchConnection;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.mesh.Mesh;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Open fetch streams, two to each holder, so that one request that is slow holds up half of the
 * others only. Broken ones are replaced when they are next needed. Thread-safe.
 */
final class FetchPool implements Closeable {
  private static final int STREAMS = 2;

  private final Mesh mesh;
  private final Map<PeerId, Slots> peers = new HashMap<>();
  private boolean closed;

  /** The streams to one holder; opening one waits for nobody else's holder. */
  private static final class Slots {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<@Nullable FetchConnection> streams = new ArrayList<>();
    private int next;

    Slots() {
      for (int i = 0; i < STREAMS; i++) {
        streams.add(null);
      }
    }
  }

  FetchPool(Mesh mesh) {
    this.mesh = mesh;
  }

  FetchConnection to(PeerId holder) throws IOException, InterruptedException {
    Slots slots;
    synchronized (this) {
      if (closed) {
        throw new IOException("the file engine is closed");
      }
      slots = peers.computeIfAbsent(holder, _ -> new Slots());
    }
    slots.lock.lockInterruptibly();
    try {
      int index = slots.next;
      slots.next = (index + 1) % STREAMS;
      FetchConnection stream = slots.streams.get(index);
      if (stream == null || !stream.usable()) {
        stream =
            FetchConnection.open(
                mesh.host(), holder, mesh.fetchProtocol(), mesh.buffers(), Mesh.OPEN_TIMEOUT);
        slots.streams.set(index, stream);
      }
      return stream;
    } finally {
      slots.lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Slots> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(peers.values());
    }
    for (Slots slots : all) {
      slots.lock.lock();
      try {
        for (FetchConnection stream : slots.streams) {
          if (stream != null) {
            stream.close();
          }
        }
      } finally {
        slots.lock.unlock();
      }
    }
  }
}
