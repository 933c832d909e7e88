package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** Blocks seen of late, for validators that ask, and who sent them. Thread-safe and bounded. */
final class HeldBlocks {
  private static final int BLOCKS_MAX = 1_024;

  private final Map<Bytes32, Source> blocks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes32, Source> eldest) {
          return size() > BLOCKS_MAX;
        }
      };

  synchronized void hold(Block block, int from) {
    blocks.putIfAbsent(block.digest(), new Source(block, from));
  }

  synchronized Optional<Block> get(Bytes32 digest) {
    return Optional.ofNullable(blocks.get(digest)).map(Source::block);
  }

  /** The validator that is sure to have the block's batches. */
  synchronized Optional<Integer> from(Bytes32 digest) {
    return Optional.ofNullable(blocks.get(digest)).map(Source::from);
  }

  private record Source(Block block, int from) {}
}
