package dev.kith.dht.chunk;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes32;

/**
 * AES-256-GCM over the frames of one chunk. The nonce is 7 zero bytes, the frame's index (4 bytes,
 * big-endian) and 1 for the last frame or 0 (the STREAM construction): frames can be neither
 * reordered nor cut off. A key meets each nonce once, as it is derived from the very bytes.
 *
 * <p>The JDK's Cipher refuses the same key and nonce twice, which two equal chunks bring about: one
 * instance for each chunk. Frames of 64 KiB each are what keeps a cold JVM fast: its AES-GCM
 * intrinsic is not used for longer calls before the method has been compiled.
 */
final class FrameCipher {
  private final SecretKeySpec key;
  private final Cipher cipher;

  FrameCipher(Bytes32 key) {
    this.key = new SecretKeySpec(key.toArrayUnsafe(), "AES");
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
      throw new IllegalStateException("this JDK has no AES-GCM", e);
    }
  }

  /** Encrypts one frame; returns the written length, which is {@code length} + 16. */
  int seal(
      int index, boolean last, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, nonce(index, last));
      return cipher.doFinal(in, inOffset, length, out, outOffset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  /**
   * Decrypts one frame; returns the written length.
   *
   * @throws DamagedChunkException when it is not what was sealed
   */
  int open(int index, boolean last, byte[] in, int inOffset, int length, byte[] out, int outOffset)
      throws DamagedChunkException {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, nonce(index, last));
      return cipher.doFinal(in, inOffset, length, out, outOffset);
    } catch (AEADBadTagException e) {
      throw new DamagedChunkException("frame " + index + " was altered or has another key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private static GCMParameterSpec nonce(int index, boolean last) {
    byte[] nonce = new byte[12];
    nonce[7] = (byte) (index >>> 24);
    nonce[8] = (byte) (index >>> 16);
    nonce[9] = (byte) (index >>> 8);
    nonce[10] = (byte) index;
    nonce[11] = (byte) (last ? 1 : 0);
    return new GCMParameterSpec(Frames.TAG_BYTES * Byte.SIZE, nonce);
  }
}
