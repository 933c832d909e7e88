package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.libp2p.ProtocolViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The holder's side of one group, without I/O: what the putter may send, and when it gets new
 * credit. Not thread-safe.
 */
final class HoldMachine {
  private final long window;
  private final List<Bytes32> chunks = new ArrayList<>();
  private long credit;
  private long bytes;
  private long unacked;

  /**
   * @param window bytes of chunks that may be under way
   */
  HoldMachine(long window) {
    this.window = window;
    this.credit = window;
  }

  StoreMessage.Accepted accept() {
    return new StoreMessage.Accepted(window);
  }

  /** The putter announces a chunk; its bytes may be read when this returns. */
  void announced(StoreMessage.Chunk chunk) throws ProtocolViolationException {
    if (chunk.length() > credit) {
      throw new ProtocolViolationException(
          "a chunk of " + chunk.length() + " bytes on a credit of " + credit);
    }
    if (chunks.size() == TransferLimits.GROUP_CHUNKS_MAX
        || bytes + chunk.length() > TransferLimits.GROUP_BYTES_MAX) {
      throw new ProtocolViolationException("a group too large");
    }
    credit -= chunk.length();
  }

  /**
   * A chunk was found sound and written; returns what to tell the putter, if it is time. A quarter
   * of the window at a time keeps the putter busy with few messages.
   */
  Optional<StoreMessage.Acked> stored(ChunkId chunk, int length) {
    chunks.add(chunk.hash());
    bytes += length;
    unacked += length;
    if (unacked < window / 4) {
      return Optional.empty();
    }
    StoreMessage.Acked acked = new StoreMessage.Acked(chunks.size(), unacked);
    credit += unacked;
    unacked = 0;
    return Optional.of(acked);
  }

  /** Whether what the putter commits is what arrived. */
  boolean matches(StoreMessage.Commit commit) {
    return commit.chunks() == chunks.size()
        && commit.bytes() == bytes
        && commit.root().equals(MerkleTree.rootOver(chunks));
  }
}
