package dev.kith.dht.chunk;

import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The name of a group, known before its first chunk, so that chunks can stream to the holders while
 * the group is still growing.
 */
public record GroupId(Bytes32 hash) implements Comparable<GroupId> {
  public static final int OWNER_BYTES = 33;
  public static final int PUT_ID_BYTES = 16;

  public GroupId {
    Objects.requireNonNull(hash, "hash");
  }

  /**
   * SHA-256(owner ‖ putId ‖ number).
   *
   * @param owner 33 bytes, the owner's compressed public key
   * @param putId 16 bytes, unique to one put
   * @param number of the group within its put, from 0; written as 4 bytes, big-endian
   */
  public static GroupId of(Bytes owner, Bytes putId, int number) {
    if (owner.size() != OWNER_BYTES) {
      throw new IllegalArgumentException("owner: " + owner.size() + " bytes");
    }
    if (putId.size() != PUT_ID_BYTES) {
      throw new IllegalArgumentException("putId: " + putId.size() + " bytes");
    }
    if (number < 0) {
      throw new IllegalArgumentException("number: " + number);
    }
    Bytes message = Bytes.concatenate(owner, putId, Bytes.ofUnsignedInt(number));
    return new GroupId(Bytes32.wrap(Sha256.create().digest(message.toArrayUnsafe())));
  }

  @Override
  public int compareTo(GroupId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return "group " + hash.toUnprefixedHexString().substring(0, 16);
  }
}
