package dev.kith.node.files.upload;

import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.SealedChunk;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The newest chunks of a group in memory, for senders that keep up; those that do not read them
 * back from the local copy. An array goes back to the buffers when its chunk has left the window
 * and no sender uses it any more. Thread-safe.
 */
final class ChunkWindow {
  /** Bytes held for one group; the newest chunk always is. */
  static final int BYTES_MAX = 6 << 20;

  private final ChunkBuffers buffers;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private int first;
  private long bytes;

  /** A chunk that some senders may be using. */
  static final class Slot {
    private final SealedChunk chunk;
    private int users;
    private boolean dropped;

    private Slot(SealedChunk chunk) {
      this.chunk = chunk;
    }

    SealedChunk chunk() {
      return chunk;
    }
  }

  ChunkWindow(ChunkBuffers buffers) {
    this.buffers = buffers;
  }

  /** Takes over a chunk and its array as the next one. */
  synchronized void add(SealedChunk chunk) {
    slots.add(new Slot(chunk));
    bytes += chunk.length();
    while (bytes > BYTES_MAX && slots.size() > 1) {
      dropFirst();
    }
  }

  /** Chunk number {@code index} if it is still here; to be given back. */
  synchronized Optional<Slot> use(int index) {
    int at = index - first;
    if (at < 0 || at >= slots.size()) {
      return Optional.empty();
    }
    Iterator<Slot> from = slots.iterator();
    Slot slot = from.next();
    for (int i = 0; i < at; i++) {
      slot = from.next();
    }
    slot.users++;
    return Optional.of(slot);
  }

  synchronized void giveBack(Slot slot) {
    slot.users--;
    release(slot);
  }

  synchronized void clear() {
    while (!slots.isEmpty()) {
      dropFirst();
    }
  }

  private void dropFirst() {
    Slot slot = slots.remove();
    first++;
    bytes -= slot.chunk.length();
    slot.dropped = true;
    release(slot);
  }

  private void release(Slot slot) {
    if (slot.dropped && slot.users == 0) {
      buffers.give(slot.chunk.data());
    }
  }
}
