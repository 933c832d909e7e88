package dev.kith.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreTest {
  private static final String SCRYPT_PARAMETERS =
      "{\"dklen\":32,\"n\":%d,\"p\":%d,\"r\":%d,"
          + "\"salt\":\"711f816911c92d649fb4c84b047915679933555030b3552c1212609b38208c63\"}";

  @TempDir Path folder;

  @Test
  void load_readsBackWhatCreateWrote() throws IOException {
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(1);
    Path file = folder.resolve("new").resolve("key.json");
    char[] password = "pässwort €".toCharArray();
    Keystore.create(file, password, key);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Keystore.load(file, password)).isEqualTo(key);
    assertThatExceptionOfType(WrongPasswordException.class)
        .isThrownBy(() -> Keystore.load(file, "other".toCharArray()));
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  /** The vectors of the Web3 Secret Storage definition. */
  @Test
  void load_readsTheVectorsOfTheFormat() throws IOException {
    Bytes secret =
        Bytes.fromHexString("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
    String pbkdf2 =
        """
        {"crypto":{"cipher":"aes-128-ctr",
        "cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;
    Path file = Files.writeString(folder.resolve("vector.json"), pbkdf2);
    assertThat(Keystore.load(file, "testpassword".toCharArray()).raw()).isEqualTo(secret);
  }

  @Test
  void load_padsAKeyThatWasWrittenWithoutItsLeadingZeros() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("short.json"), scrypt(SCRYPT_PARAMETERS.formatted(2, 1, 8)));
    assertThat(Keystore.load(file, "foo".toCharArray()).raw())
        .isEqualTo(
            Bytes.fromHexString(
                "00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35"));
  }

  private static String scrypt(String parameters) {
    return """
    {"crypto":{"cipher":"aes-128-ctr",
    "cipherparams":{"iv":"e0c41130a323adc1446fc82f724bca2f"},
    "ciphertext":"9517cd5bdbe69076f9bf5057248c6c050141e970efa36ce53692d5d59a3984",
    "kdf":"scrypt","kdfparams":%s,
    "mac":"d5e116151c6aa71470e67a7d42c9620c75c4d23229847dcc127794f0732b0db5"},
    "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
    """
        .formatted(parameters);
  }

  @Test
  void load_refusesCostsThatItCannotBear() throws IOException {
    for (String parameters :
        new String[] {
          SCRYPT_PARAMETERS.formatted(1 << 30, 1, 8),
          SCRYPT_PARAMETERS.formatted(1 << 15, 1000, 8),
          SCRYPT_PARAMETERS.formatted(1 << 15, 1, 1 << 20),
          SCRYPT_PARAMETERS.formatted(1000, 1, 8),
          "{}"
        }) {
      Path file = Files.writeString(folder.resolve("costly.json"), scrypt(parameters));
      assertThatIOException()
          .isThrownBy(() -> Keystore.load(file, "x".toCharArray()))
          .withMessageContaining("damaged");
    }
  }

  @Test
  void load_failsClearlyOnWhatIsNoKeystore() throws IOException {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> Keystore.load(folder.resolve("none"), new char[0]));
    for (String text : new String[] {"", "x", "[]", "{}", "{\"version\":2}", "{\"version\":3}"}) {
      Path file = Files.writeString(folder.resolve("bad.json"), text, UTF_8);
      assertThatIOException()
          .as(text)
          .isThrownBy(() -> Keystore.load(file, new char[0]))
          .withMessageContaining("bad.json");
    }
    Path huge = Files.write(folder.resolve("huge"), new byte[Keystore.FILE_BYTES_MAX + 1]);
    assertThatIOException().isThrownBy(() -> Keystore.load(huge, new char[0]));
  }
}
