package dev.kith.dht.transfer;

import dev.kith.dht.blockstore.StoredChunk;
import dev.kith.dht.chunk.ChunkId;
import java.io.IOException;
import java.util.Optional;

/** Where {@link FetchServer} finds chunks; mostly the block store. */
@FunctionalInterface
public interface ChunkSource {
  Optional<StoredChunk> open(ChunkId chunk) throws IOException;
}
