package dev.kith.node.files.names;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.node.files.content.ContentCodec;
import dev.kith.node.files.content.GroupRanges;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The reference to the root folder, as it stands on the ledger: encrypted with the owner's
 * namespace key, AES-256-GCM, {@code version u8 = 1 | nonce 12 | ciphertext}, the version and the
 * owner as associated data. The plaintext is content, groups and time of the root's {@link
 * Node.FolderNode}.
 */
public final class RootReference {
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RootReference() {}

  public static Bytes seal(Node.FolderNode root, Bytes32 namespaceKey, Bytes owner) {
    Writer to = new Writer(512);
    ContentCodec.write(to, root.content());
    root.groups().write(to);
    to.u63(root.modifiedMillis());
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, namespaceKey, owner, nonce, to.toArray());
    return Bytes.concatenate(Bytes.of(VERSION), Bytes.wrap(nonce), Bytes.wrap(sealed));
  }

  /**
   * Undoes {@link #seal}.
   *
   * @throws DecodeException when it was sealed under another key, or is no reference
   */
  public static Node.FolderNode open(Bytes reference, Bytes32 namespaceKey, Bytes owner)
      throws DecodeException {
    if (reference.size() < 1 + NONCE_BYTES + TAG_BITS / 8 || reference.get(0) != VERSION) {
      throw new DecodeException("no reference to a root folder, or one of another version");
    }
    byte[] nonce = reference.slice(1, NONCE_BYTES).toArray();
    byte[] sealed = reference.slice(1 + NONCE_BYTES).toArray();
    byte[] plain;
    try {
      plain = cipher(Cipher.DECRYPT_MODE, namespaceKey, owner, nonce, sealed);
    } catch (IllegalStateException e) {
      throw new DecodeException("the reference to the root folder has another key", e);
    }
    return Reader.whole(
        Bytes.wrap(plain),
        from -> new Node.FolderNode(ContentCodec.read(from), GroupRanges.read(from), from.u63()));
  }

  private static byte[] cipher(int mode, Bytes32 key, Bytes owner, byte[] nonce, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          mode, new SecretKeySpec(key.toArray(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(new byte[] {VERSION});
      cipher.updateAAD(owner.toArray());
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM: " + e.getMessage(), e);
    }
  }
}
