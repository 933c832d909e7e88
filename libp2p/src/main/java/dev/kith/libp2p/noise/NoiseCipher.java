package dev.kith.libp2p.noise;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of a Noise channel: ChaCha20-Poly1305 under one key, with a nonce that counts. Not
 * thread-safe: messages are sealed in the order in which they are sent.
 */
public final class NoiseCipher {
  /** How much longer a sealed message is. */
  public static final int TAG_BYTES = 16;

  static final int KEY_BYTES = 32;
  private static final byte[] NO_BYTES = {};

  private final SecretKey key;
  private final Cipher cipher;
  private final ByteBuffer nonce = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
  private long counter;

  NoiseCipher(byte[] key) {
    this.key = new SecretKeySpec(key, 0, KEY_BYTES, "ChaCha20");
    try {
      this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 11 has ChaCha20-Poly1305", e);
    }
  }

  /**
   * Seals {@code head} followed by a part of {@code body} into {@code out}.
   *
   * @return how many bytes were written: those of both, and {@link #TAG_BYTES}
   */
  public int seal(byte[] head, byte[] body, int offset, int length, byte[] out, int outOffset) {
    try {
      init(Cipher.ENCRYPT_MODE);
      int size = cipher.update(head, 0, head.length, out, outOffset);
      return size + cipher.doFinal(body, offset, length, out, outOffset + size);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * Opens a sealed message in place: the plaintext begins where the message began.
   *
   * @return the length of the plaintext
   * @throws ProtocolViolationException when it was altered; the channel is of no use then
   */
  public int open(byte[] message, int offset, int length) throws ProtocolViolationException {
    return open(message, offset, length, NO_BYTES);
  }

  int open(byte[] message, int offset, int length, byte[] associated)
      throws ProtocolViolationException {
    if (length < TAG_BYTES) {
      throw new ProtocolViolationException("noise: message of " + length + " bytes");
    }
    try {
      init(Cipher.DECRYPT_MODE);
      cipher.updateAAD(associated);
      return cipher.doFinal(message, offset, length, message, offset);
    } catch (AEADBadTagException e) {
      throw new ProtocolViolationException("noise: a message was altered", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening failed", e);
    }
  }

  /** Seals a handshake message, which binds the transcript so far. */
  byte[] seal(byte[] plaintext, byte[] associated) {
    try {
      init(Cipher.ENCRYPT_MODE);
      cipher.updateAAD(associated);
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /** The nonce is four zero bytes and the counter, little-endian; it never repeats under a key. */
  private void init(int mode) throws GeneralSecurityException {
    if (counter == -1L) {
      throw new IllegalStateException("the nonces of this key are used up");
    }
    nonce.putLong(4, counter++);
    cipher.init(mode, key, new IvParameterSpec(nonce.array()));
  }
}
