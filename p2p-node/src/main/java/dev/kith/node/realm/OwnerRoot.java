package dev.kith.node.realm;

import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PublicKey;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The secret that all devices of one owner share, and the keys that follow from it. Each device
 * gets it in its grant, encrypted to the device's key; the owner's phrase gives it anew.
 *
 * <p>{@code toString} shows nothing of it.
 */
public final class OwnerRoot {
  /** Length of {@link #wrapFor}: ephemeral key 33, secret 32, tag 16. */
  static final int WRAPPED_BYTES = 33 + 32 + 16;

  private final Bytes32 secret;

  private OwnerRoot(Bytes32 secret) {
    this.secret = secret;
  }

  /** HKDF-SHA256(owner private key, "kith/owner-root/1"). */
  public static OwnerRoot of(Secp256k1PrivateKey owner) {
    return new OwnerRoot(derive(owner.raw().toArray(), "kith/owner-root/1"));
  }

  /** What chunk keys and chunk boundaries are derived from: equal files give equal chunks. */
  public Bytes32 convergenceSecret() {
    return derive("kith/convergence/1");
  }

  /** Encrypts the owner's tree of names. */
  public Bytes32 namespaceKey() {
    return derive("kith/namespace/1");
  }

  /** Encrypts what jobs put on the ledger. */
  public Bytes32 jobKey() {
    return derive("kith/job/1");
  }

  /**
   * Encrypts the secret to a device (ECIES): a new key pair, its agreement with the device's key
   * through HKDF with both public keys as context, then AES-256-GCM. The key is used once, so the
   * nonce may be zero.
   */
  public Bytes wrapFor(Secp256k1PublicKey device, SecureRandom random) {
    Secp256k1PrivateKey ephemeral = Secp256k1PrivateKey.generate(random);
    Bytes context = Bytes.concatenate(ephemeral.publicKey().raw(), device.raw());
    try {
      byte[] sealed =
          crypt(Cipher.ENCRYPT_MODE, ephemeral.agree(device), context, secret.toArray());
      return Bytes.concatenate(ephemeral.publicKey().raw(), Bytes.wrap(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot encrypt", e);
    }
  }

  /**
   * What {@link #wrapFor} encrypted.
   *
   * @throws NodeException NOT_ALLOWED where it was encrypted to another device, or is damaged
   */
  public static OwnerRoot unwrap(Secp256k1PrivateKey device, Bytes wrapped) throws NodeException {
    try {
      if (wrapped.size() == WRAPPED_BYTES) {
        Secp256k1PublicKey ephemeral = Secp256k1PublicKey.ofCompressed(wrapped.slice(0, 33));
        Bytes context = Bytes.concatenate(ephemeral.raw(), device.publicKey().raw());
        byte[] secret =
            crypt(
                Cipher.DECRYPT_MODE, device.agree(ephemeral), context, wrapped.slice(33).toArray());
        return new OwnerRoot(Bytes32.wrap(secret));
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw refused(e);
    }
    throw refused(new IllegalArgumentException("wrapped: " + wrapped.size() + " bytes"));
  }

  private static NodeException refused(Exception cause) {
    return new NodeException(
        Problem.NOT_ALLOWED, "the owner's grant is not for this device's key", cause);
  }

  private static byte[] crypt(int mode, byte[] agreement, Bytes context, byte[] input)
      throws GeneralSecurityException {
    Bytes info =
        Bytes.concatenate(
            Bytes.wrap("kith/owner-wrap/1".getBytes(StandardCharsets.US_ASCII)), context);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(Kdf.derive(agreement, info.toArray(), 32), "AES"),
        new GCMParameterSpec(128, new byte[12]));
    return cipher.doFinal(input);
  }

  private Bytes32 derive(String info) {
    return derive(secret.toArray(), info);
  }

  private static Bytes32 derive(byte[] from, String info) {
    return Bytes32.wrap(Kdf.derive(from, info.getBytes(StandardCharsets.US_ASCII), 32));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OwnerRoot root && root.secret.equals(secret);
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return "OwnerRoot[...]";
  }
}
