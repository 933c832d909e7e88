package dev.kith.node.files.content;

import dev.kith.dht.chunk.GroupId;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a group is called among the owner's devices; its id follows from it.
 *
 * @param putId 16 bytes, the put that made it
 * @param number within the put, from 0
 */
public record GroupName(Bytes putId, int number) {
  public GroupName {
    Objects.requireNonNull(putId, "putId");
    if (putId.size() != GroupId.PUT_ID_BYTES) {
      throw new IllegalArgumentException("putId: " + putId.size() + " bytes");
    }
    if (number < 0) {
      throw new IllegalArgumentException("number: " + number);
    }
  }

  public GroupId id(Bytes owner) {
    return GroupId.of(owner, putId, number);
  }
}
