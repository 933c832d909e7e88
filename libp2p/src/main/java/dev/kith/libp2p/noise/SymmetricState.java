package dev.kith.libp2p.noise;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The symmetric half of a handshake (Noise specification, section 5.2). */
final class SymmetricState {
  private static final byte[] NAME =
      "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EMPTY = {};

  private byte[] chainingKey = NAME.clone();
  private byte[] hash = NAME.clone();
  private @Nullable NoiseCipher cipher;

  SymmetricState() {
    mixHash(EMPTY); // libp2p uses no prologue
  }

  /** Binds data that both sides know into all that follows. */
  void mixHash(byte[] data) {
    MessageDigest digest = sha256();
    digest.update(hash);
    hash = digest.digest(data);
  }

  /** Derives a new key from a shared secret. */
  void mixKey(byte[] secret) {
    byte[][] keys = derive(secret);
    chainingKey = keys[0];
    cipher = new NoiseCipher(keys[1]);
  }

  /** Seals, once there is a key. */
  byte[] sealAndHash(byte[] plaintext) {
    byte[] out = cipher == null ? plaintext.clone() : cipher.seal(plaintext, hash);
    mixHash(out);
    return out;
  }

  /** Opens, once there is a key. */
  byte[] openAndHash(byte[] sealed) throws ProtocolViolationException {
    byte[] plaintext = sealed.clone();
    if (cipher != null) {
      int size = cipher.open(plaintext, 0, plaintext.length, hash);
      plaintext = Arrays.copyOf(plaintext, size);
    }
    mixHash(sealed);
    return plaintext;
  }

  /** The two keys of the channel: the initiator's first. */
  NoiseCipher[] split() {
    byte[][] keys = derive(EMPTY);
    return new NoiseCipher[] {new NoiseCipher(keys[0]), new NoiseCipher(keys[1])};
  }

  private byte[][] derive(byte[] secret) {
    byte[] key = hmac(chainingKey, secret);
    byte[] first = hmac(key, new byte[] {1});
    byte[] again = Arrays.copyOf(first, first.length + 1);
    again[first.length] = 2;
    return new byte[][] {first, hmac(key, again)};
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
