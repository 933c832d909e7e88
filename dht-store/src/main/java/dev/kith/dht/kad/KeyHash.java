package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import org.apache.tuweni.bytes.Bytes;

/**
 * A place in the key space: SHA-256 of a key, as four big-endian words. Peers stand at the hash of
 * their id's multihash, so that keys and peers share one space.
 */
record KeyHash(long w0, long w1, long w2, long w3) {
  static final int BITS = 256;

  static KeyHash of(Bytes key) {
    ByteBuffer hash = ByteBuffer.wrap(sha256(key).toArrayUnsafe());
    return new KeyHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  static KeyHash of(PeerId peer) {
    return of(peer.multihash());
  }

  /** How many leading bits are equal: 0 for the farther half of the space, 256 for itself. */
  int commonPrefixLength(KeyHash other) {
    if (w0 != other.w0) {
      return Long.numberOfLeadingZeros(w0 ^ other.w0);
    }
    if (w1 != other.w1) {
      return 64 + Long.numberOfLeadingZeros(w1 ^ other.w1);
    }
    if (w2 != other.w2) {
      return 128 + Long.numberOfLeadingZeros(w2 ^ other.w2);
    }
    return 192 + Long.numberOfLeadingZeros(w3 ^ other.w3);
  }

  /** Orders places by their XOR distance to {@code target}, nearest first. */
  static Comparator<KeyHash> byDistanceTo(KeyHash target) {
    return (x, y) -> {
      int order = Long.compareUnsigned(x.w0 ^ target.w0, y.w0 ^ target.w0);
      if (order == 0) {
        order = Long.compareUnsigned(x.w1 ^ target.w1, y.w1 ^ target.w1);
      }
      if (order == 0) {
        order = Long.compareUnsigned(x.w2 ^ target.w2, y.w2 ^ target.w2);
      }
      return order != 0 ? order : Long.compareUnsigned(x.w3 ^ target.w3, y.w3 ^ target.w3);
    };
  }

  static Bytes sha256(Bytes data) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Bytes.wrap(digest.digest(data.toArrayUnsafe()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
