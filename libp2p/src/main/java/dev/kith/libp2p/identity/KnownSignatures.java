package dev.kith.libp2p.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Signatures that were found good before. A peer binds its identity to a certificate or a Noise key
 * once, and shows the same signature in each handshake; to check it costs more than all the rest.
 * That the peer has the key so bound is proved anew each time, by the handshake itself.
 *
 * <p>Holds the last {@value #SLOTS} or fewer, as hashes over all that a check depends on, and
 * nothing of those that were bad. Others can make it forget, and no more. Thread-safe, without
 * locks.
 */
public final class KnownSignatures {
  private static final int SLOTS = 1_024;

  private static final KnownSignatures OF_THIS_PROCESS = new KnownSignatures();

  /** Each hash has one place, where the last one stays. */
  private final AtomicReferenceArray<byte @Nullable []> slots = new AtomicReferenceArray<>(SLOTS);

  /** Whether a signature is good; expensive. */
  @FunctionalInterface
  public interface Check<E extends Exception> {
    boolean good() throws E;
  }

  /** One for all: whether a signature is good depends on nothing but itself. */
  public static KnownSignatures ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /**
   * The answer of {@code check}, which is not asked where the same was good before.
   *
   * @param type of key and signature, so that the same bytes are not taken for another's
   */
  public <E extends Exception> boolean good(
      String type, byte[] key, byte[] message, byte[] signature, Check<E> check) throws E {
    byte[] hash = hash(type, key, message, signature);
    int slot = Math.floorMod(ByteBuffer.wrap(hash).getInt(), SLOTS);
    if (Arrays.equals(hash, slots.get(slot))) {
      return true;
    }
    boolean good = check.good();
    if (good) {
      slots.set(slot, hash);
    }
    return good;
  }

  /** Lengths go in first, so that no two questions have the same bytes. */
  private static byte[] hash(String type, byte[] key, byte[] message, byte[] signature) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(
          ByteBuffer.allocate(16)
              .putInt(type.length())
              .putInt(key.length)
              .putInt(message.length)
              .putInt(signature.length)
              .flip());
      for (int i = 0; i < type.length(); i++) {
        sha256.update((byte) type.charAt(i));
      }
      sha256.update(key);
      sha256.update(message);
      return sha256.digest(signature);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
