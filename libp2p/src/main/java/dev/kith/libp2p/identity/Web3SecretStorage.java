package dev.kith.libp2p.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.jcajce.provider.digest.Keccak;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of Web3 Secret Storage, version 3: AES-128-CTR under the first half of the derived key,
 * and Keccak-256 over the second half and the ciphertext as its check.
 *
 * <p>It is written with scrypt and read with scrypt or PBKDF2. The costs that a file asks for are
 * bounded before they are paid.
 */
final class Web3SecretStorage {
  private static final int SCRYPT_N = 1 << 15;
  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 3;

  /** N * r: 128 times as many bytes of memory, 256 MiB. */
  private static final long SCRYPT_BLOCKS_MAX = 1L << 21;

  private static final int SCRYPT_P_MAX = 16;
  private static final int PBKDF2_ROUNDS_MAX = 10_000_000;
  private static final int DERIVED_BYTES = 32;

  private static final JsonMapper JSON = new JsonMapper();

  private Web3SecretStorage() {}

  static byte[] encrypt(char[] password, Secp256k1PrivateKey key, RandomGenerator random) {
    byte[] salt = new byte[32];
    byte[] iv = new byte[16];
    byte[] id = new byte[16];
    random.nextBytes(salt);
    random.nextBytes(iv);
    random.nextBytes(id);
    byte[] derived = scrypt(password, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    byte[] ciphertext = aes(derived, iv, key.raw().toArray());

    ObjectNode root = JSON.createObjectNode();
    root.put("version", 3);
    ByteBuffer idBytes = ByteBuffer.wrap(id);
    // The bits that mark a random UUID (RFC 9562, version 4).
    long high = (idBytes.getLong() & ~0xf000L) | 0x4000L;
    long low = (idBytes.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    root.put("id", new UUID(high, low).toString());
    root.put("address", address(key));
    ObjectNode crypto = root.putObject("crypto");
    crypto.put("cipher", "aes-128-ctr");
    crypto.putObject("cipherparams").put("iv", hex(iv));
    crypto.put("ciphertext", hex(ciphertext));
    crypto.put("kdf", "scrypt");
    ObjectNode parameters = crypto.putObject("kdfparams");
    parameters.put("dklen", DERIVED_BYTES);
    parameters.put("n", SCRYPT_N);
    parameters.put("r", SCRYPT_R);
    parameters.put("p", SCRYPT_P);
    parameters.put("salt", hex(salt));
    crypto.put("mac", hex(mac(derived, ciphertext)));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
  }

  /**
   * @param name what to call the document in errors
   */
  static Secp256k1PrivateKey decrypt(char[] password, byte[] json, String name) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IOException(name + ": not JSON, so no keystore", e);
    }
    if (root.path("version").asInt(0) != 3) {
      throw new IOException(name + ": not a keystore of version 3");
    }
    JsonNode crypto = root.has("crypto") ? root.path("crypto") : root.path("Crypto");
    try {
      String cipher = crypto.path("cipher").asString("");
      if (!cipher.equals("aes-128-ctr")) {
        throw new IOException(name + ": unknown cipher " + cipher);
      }
      byte[] iv = bytes(crypto.path("cipherparams"), "iv");
      byte[] ciphertext = bytes(crypto, "ciphertext");
      byte[] derived = derive(password, crypto);
      if (!MessageDigest.isEqual(mac(derived, ciphertext), bytes(crypto, "mac"))) {
        throw new WrongPasswordException(name + ": wrong password");
      }
      if (ciphertext.length > Secp256k1PrivateKey.SCALAR_BYTES) {
        throw new IllegalArgumentException("ciphertext: " + ciphertext.length + " bytes");
      }
      // Some writers dropped the leading zeros of a key.
      byte[] scalar = aes(derived, iv, ciphertext);
      byte[] padded = new byte[Secp256k1PrivateKey.SCALAR_BYTES];
      System.arraycopy(scalar, 0, padded, padded.length - scalar.length, scalar.length);
      return Secp256k1PrivateKey.ofScalar(Bytes.wrap(padded));
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": damaged keystore: " + e.getMessage(), e);
    }
  }

  private static byte[] derive(char[] password, JsonNode crypto) {
    JsonNode parameters = crypto.path("kdfparams");
    byte[] salt = bytes(parameters, "salt");
    int length = parameters.path("dklen").asInt(0);
    if (length != DERIVED_BYTES) {
      throw new IllegalArgumentException("dklen: " + length);
    }
    String kdf = crypto.path("kdf").asString("");
    return switch (kdf) {
      case "scrypt" -> {
        int n = parameters.path("n").asInt(0);
        int r = parameters.path("r").asInt(0);
        int p = parameters.path("p").asInt(0);
        if (n < 2
            || Integer.bitCount(n) != 1
            || r < 1
            || p < 1
            || p > SCRYPT_P_MAX
            || (long) n * r > SCRYPT_BLOCKS_MAX) {
          throw new IllegalArgumentException("scrypt: n=" + n + " r=" + r + " p=" + p);
        }
        yield scrypt(password, salt, n, r, p);
      }
      case "pbkdf2" -> {
        int rounds = parameters.path("c").asInt(0);
        String prf = parameters.path("prf").asString("");
        if (rounds < 1 || rounds > PBKDF2_ROUNDS_MAX || !prf.equals("hmac-sha256")) {
          throw new IllegalArgumentException("pbkdf2: c=" + rounds + " prf=" + prf);
        }
        yield pbkdf2(password, salt, rounds);
      }
      default -> throw new IllegalArgumentException("kdf: " + kdf);
    };
  }

  private static byte[] scrypt(char[] password, byte[] salt, int n, int r, int p) {
    byte[] secret = utf8(password);
    try {
      return SCrypt.generate(secret, salt, n, r, p, DERIVED_BYTES);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] pbkdf2(char[] password, byte[] salt, int rounds) {
    byte[] secret = utf8(password);
    try {
      PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
      generator.init(secret, salt, rounds);
      return ((KeyParameter) generator.generateDerivedMacParameters(8 * DERIVED_BYTES)).getKey();
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] utf8(char[] password) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] out = new byte[encoded.remaining()];
    encoded.get(out);
    encoded.rewind();
    encoded.put(new byte[out.length]); // leave no copy of the password behind
    return out;
  }

  private static byte[] aes(byte[] derived, byte[] iv, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, 0, 16, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("iv: " + iv.length + " bytes", e);
    }
  }

  private static byte[] mac(byte[] derived, byte[] ciphertext) {
    Keccak.Digest256 digest = new Keccak.Digest256();
    digest.update(derived, 16, 16);
    digest.update(ciphertext);
    return digest.digest();
  }

  /** The Ethereum address, which the format carries: the end of the Keccak-256 of the point. */
  private static String address(Secp256k1PrivateKey key) {
    byte[] point = JavaSecp256k1.uncompressed(key.publicKey().raw().toArray());
    Keccak.Digest256 digest = new Keccak.Digest256();
    digest.update(point, 1, 64);
    return hex(Arrays.copyOfRange(digest.digest(), 12, 32));
  }

  private static byte[] bytes(JsonNode parent, String field) {
    String text = parent.path(field).asString("").toLowerCase(Locale.ROOT);
    try {
      byte[] bytes = Bytes.fromHexString(text).toArray();
      if (bytes.length == 0) {
        throw new IllegalArgumentException(field + ": missing");
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": not hex", e);
    }
  }

  private static String hex(byte[] bytes) {
    return Bytes.wrap(bytes).toUnprefixedHexString();
  }
}
