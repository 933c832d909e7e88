package dev.kith.node.realm;

import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Locale;
import org.apache.tuweni.bytes.Bytes;
import org.web3j.crypto.MnemonicUtils;

/**
 * An owner's key and the BIP-39 phrase that gives it: 12 words, which hold 128 bits, as strong as
 * the curve.
 *
 * <p>Key = HKDF-SHA256(BIP-39 seed without a passphrase, "kith/owner-key/1"), with a counter byte
 * that rises in the practically impossible case that the result is no scalar of the curve. It is
 * not a wallet's derivation path on purpose: a phrase that is shared with a wallet gives the wallet
 * other keys.
 */
public final class OwnerKey {
  private static final int ENTROPY_BYTES = 16;
  private static final String INFO = "kith/owner-key/1";

  private OwnerKey() {}

  /** A new phrase. */
  public static String newPhrase(SecureRandom random) {
    byte[] entropy = new byte[ENTROPY_BYTES];
    random.nextBytes(entropy);
    return MnemonicUtils.generateMnemonic(entropy);
  }

  /**
   * The key of a phrase; case and white space do not matter.
   *
   * @throws NodeException BAD_REQUEST where a word is unknown or the checksum does not fit
   */
  public static Secp256k1PrivateKey ofPhrase(String phrase) throws NodeException {
    String words =
        Normalizer.normalize(phrase, Normalizer.Form.NFKD)
            .strip()
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\s+", " ");
    if (!MnemonicUtils.validateMnemonic(words)) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "the owner phrase is not valid: a word is misspelt, missing or in the wrong place");
    }
    byte[] seed = MnemonicUtils.generateSeed(words, "");
    for (int counter = 0; ; counter++) {
      byte[] info = (INFO + (char) counter).getBytes(StandardCharsets.ISO_8859_1);
      try {
        return Secp256k1PrivateKey.ofScalar(Bytes.wrap(Kdf.derive(seed, info, 32)));
      } catch (IllegalArgumentException e) {
        if (counter == 255) {
          throw new IllegalStateException("256 hashes in a row were no scalar", e);
        }
      }
    }
  }
}
