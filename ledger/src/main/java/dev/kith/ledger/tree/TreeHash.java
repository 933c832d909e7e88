package dev.kith.ledger.tree;

import dev.kith.ledger.codec.Hash;
import java.security.MessageDigest;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The hashes of the tree. What is hashed begins with another byte in a leaf and in a node, so
 * neither passes for the other; nothing at all is 32 zeros. Looking up a digest costs as much as
 * hashing 64 bytes, so an update takes one of these for all its work. Not thread-safe.
 */
final class TreeHash {
  static final int BYTES = 32;
  static final byte[] EMPTY = new byte[BYTES];

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest digest = Hash.digest();
  private final byte[] input = new byte[1 + 2 * BYTES];

  /** Where a key of the state stands in the tree. */
  static Bytes32 key(Bytes key) {
    return Hash.sha256(key);
  }

  /** What the tree keeps of a value. */
  static Bytes32 value(Bytes value) {
    return Hash.sha256(value);
  }

  byte[] of(Bytes bytes) {
    return digest.digest(bytes.toArrayUnsafe());
  }

  /** SHA-256(0 ‖ hash of the key ‖ hash of the value). */
  byte[] leaf(byte[] key, byte[] valueHash) {
    return pair(LEAF, key, valueHash);
  }

  /** SHA-256(1 ‖ left ‖ right). */
  byte[] node(byte[] left, byte[] right) {
    return pair(NODE, left, right);
  }

  private byte[] pair(byte kind, byte[] first, byte[] second) {
    input[0] = kind;
    System.arraycopy(first, 0, input, 1, BYTES);
    System.arraycopy(second, 0, input, 1 + BYTES, BYTES);
    return digest.digest(input);
  }
}
