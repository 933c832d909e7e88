package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.GroupId;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A committed group.
 *
 * @param root Merkle root over the ids of its chunks, in order
 * @param bytes the stored lengths of its chunks together
 * @param createdMillis this device's clock at the commit, milliseconds since 1970
 */
public record StoredGroup(GroupId group, Bytes32 root, long bytes, int chunks, long createdMillis) {
  public StoredGroup {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(root, "root");
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes);
    }
    if (chunks < 0) {
      throw new IllegalArgumentException("chunks: " + chunks);
    }
  }
}
