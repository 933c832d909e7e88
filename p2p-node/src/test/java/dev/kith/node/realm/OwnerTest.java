package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.security.SecureRandom;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class OwnerTest {
  private static final String PHRASE =
      "legal winner thank year wave sausage worth useful legal winner thank yellow";

  @Test
  void phrase_givesTheSameKeyEachTimeHoweverItIsTyped() throws IOException {
    Secp256k1PrivateKey key = OwnerKey.ofPhrase(PHRASE);
    assertThat(
            OwnerKey.ofPhrase(
                "  LEGAL winner\tthank year wave\nsausage worth useful legal "
                    + "winner thank yellow "))
        .isEqualTo(key);
    String phrase = OwnerKey.newPhrase(new SecureRandom());
    assertThat(phrase.split(" ")).hasSize(12);
    assertThat(OwnerKey.ofPhrase(phrase)).isNotEqualTo(key);
  }

  /**
   * Computed by an independent program: a phrase that is written down must open what is stored, for
   * all versions to come.
   */
  @Test
  void phrase_givesTheKeyThatItAlwaysGave() throws IOException {
    assertThat(OwnerKey.ofPhrase(PHRASE).publicKey().raw().toUnprefixedHexString())
        .isEqualTo("03e12f11f17ce6a43421da7a49769fb53f0b3cab0a8aaf1ed9c74bd10637c48d43");
    assertThat(OwnerRoot.of(OwnerKey.ofPhrase(PHRASE)).convergenceSecret().toUnprefixedHexString())
        .isEqualTo("9407445fc64274bce317c42fa200bc2af3649afdc4ba4339a4cf2d23ed9edc24");
  }

  @Test
  void phrase_withAWrongWordIsRefused() {
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> OwnerKey.ofPhrase(PHRASE.replace("sausage", "sausages")))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(Problem.BAD_REQUEST));
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> OwnerKey.ofPhrase(PHRASE.replace("yellow", "winner")));
  }

  @Test
  void root_isUnwrappedByItsDeviceOnly() throws IOException {
    OwnerRoot root = OwnerRoot.of(OwnerKey.ofPhrase(PHRASE));
    Secp256k1PrivateKey device = Keys.secp256k1FromSeed(1);
    Bytes wrapped = root.wrapFor(device.publicKey(), new SecureRandom());

    assertThat(OwnerRoot.unwrap(device, wrapped)).isEqualTo(root);
    assertThat(wrapped).isNotEqualTo(root.wrapFor(device.publicKey(), new SecureRandom()));
    for (Bytes bad :
        new Bytes[] {
          wrapped.slice(1),
          Bytes.EMPTY,
          Bytes.concatenate(wrapped.slice(0, 80), Bytes.of((byte) (wrapped.get(80) ^ 1)))
        }) {
      assertThatExceptionOfType(NodeException.class)
          .isThrownBy(() -> OwnerRoot.unwrap(device, bad));
    }
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> OwnerRoot.unwrap(Keys.secp256k1FromSeed(2), wrapped));
  }

  @Test
  void root_givesADifferentKeyForEachPurpose() throws IOException {
    OwnerRoot root = OwnerRoot.of(OwnerKey.ofPhrase(PHRASE));
    assertThat(new Bytes[] {root.convergenceSecret(), root.namespaceKey(), root.jobKey()})
        .doesNotHaveDuplicates();
    assertThat(root.toString()).isEqualTo("OwnerRoot[...]");
  }
}
