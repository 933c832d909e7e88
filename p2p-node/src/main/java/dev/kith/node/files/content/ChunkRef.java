package dev.kith.node.files.content;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkKey;
import java.util.Objects;

/**
 * A chunk as a manifest names it: what it is called, what opens it, where it lies.
 *
 * @param span bytes of the file that it stands for: its own for a chunk of data, those of all
 *     chunks below it for a page
 */
public record ChunkRef(ChunkId id, ChunkKey key, GroupName group, long span) {
  public ChunkRef {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(group, "group");
    if (span < 1) {
      throw new IllegalArgumentException("span: " + span);
    }
  }

  ChunkRef withSpan(long newSpan) {
    return new ChunkRef(id, key, group, newSpan);
  }
}
