package dev.kith.libp2p.multiformats;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;
import org.apache.tuweni.bytes.Bytes;

/**
 * A content id (multiformats/cid): what kind of content, and its multihash. DHTs know content by
 * the multihash alone.
 *
 * @param version 0 or 1
 * @param codec a number of the multicodec table; of version 0 always {@value #DAG_PB}
 * @param multihash at most {@value #MULTIHASH_BYTES_MAX} bytes
 */
public record Cid(int version, long codec, Bytes multihash) {
  /** What go-libp2p takes as a key of the DHT. */
  public static final int MULTIHASH_BYTES_MAX = 80;

  private static final int DAG_PB = 0x70;

  public Cid {
    if (version < 0 || version > 1 || (version == 0 && codec != DAG_PB)) {
      throw new IllegalArgumentException("cid: version " + version + ", codec " + codec);
    }
    if (multihash.size() > MULTIHASH_BYTES_MAX) {
      throw new IllegalArgumentException("cid: a hash of " + multihash.size() + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(multihash.toArray());
    try {
      Varint.get(in);
      if (Varint.get(in) != in.remaining()) {
        throw new IllegalArgumentException("cid: its hash is not as long as it says");
      }
    } catch (ProtocolViolationException e) {
      throw new IllegalArgumentException("cid: no multihash", e);
    }
  }

  /**
   * Reads {@code Qm...}, and what has a multibase prefix.
   *
   * @throws IllegalArgumentException when it is no CID, or of a version or base that is not known
   */
  public static Cid parse(String text) {
    if (text.startsWith("Qm")) {
      return new Cid(0, DAG_PB, Multibase.BASE58BTC.decode(text));
    }
    ByteBuffer in = ByteBuffer.wrap(Multibase.decodePrefixed(text).toArray());
    try {
      long version = Varint.get(in);
      if (version != 1) {
        throw new IllegalArgumentException("cid: version " + version);
      }
      long codec = Varint.get(in);
      byte[] multihash = new byte[in.remaining()];
      in.get(multihash);
      return new Cid(1, codec, Bytes.wrap(multihash));
    } catch (ProtocolViolationException e) {
      throw new IllegalArgumentException("cid: cut off", e);
    }
  }

  /** Base 58 in version 0, base 32 in version 1. */
  @Override
  public String toString() {
    if (version == 0) {
      return Multibase.BASE58BTC.encode(multihash);
    }
    Bytes head = Bytes.concatenate(Bytes.of(1), Bytes.wrap(Varint.encode(codec)));
    return Multibase.BASE32.prefix() + Multibase.BASE32.encode(Bytes.concatenate(head, multihash));
  }
}
