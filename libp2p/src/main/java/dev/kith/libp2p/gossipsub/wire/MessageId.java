package dev.kith.libp2p.gossipsub.wire;

import java.util.Arrays;
import java.util.HexFormat;

/** What a message goes by in gossip; the same message has the same id at every peer. Immutable. */
public final class MessageId {
  /** Longer ones are not taken from the wire; the usual ones take about 46 bytes, or 20. */
  public static final int BYTES_MAX = 128;

  private final byte[] bytes;
  private final int hash;

  private MessageId(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes); // asked for at each of many look-ups
  }

  /** The id with these bytes, 1 to {@link #BYTES_MAX}, which are copied. */
  public static MessageId of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > BYTES_MAX) {
      throw new IllegalArgumentException("bytes: " + bytes.length);
    }
    return new MessageId(bytes.clone());
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageId id && hash == id.hash && Arrays.equals(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
