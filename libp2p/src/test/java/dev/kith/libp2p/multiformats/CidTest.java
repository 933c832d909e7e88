package dev.kith.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidTest {
  @Test
  void parse_readsBothVersions() {
    // The example of the specification, and the same content as version 1.
    Cid zero = Cid.parse("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR");
    assertThat(zero.version()).isZero();
    Cid one = Cid.parse("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
    assertThat(one.version()).isEqualTo(1);
    assertThat(one.codec()).isEqualTo(0x70);
    assertThat(one.multihash().size()).isEqualTo(34);
    assertThat(one.multihash()).isEqualTo(zero.multihash());
    assertThat(new Cid(1, 0x70, zero.multihash())).isEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR",
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
        "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
      })
  void toString_writesWhatWasRead(String text) {
    assertThat(Cid.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "b",
        "nonsense",
        "Qm",
        "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMn",
        "f02701220",
        "f01",
        "f0170",
        "f017012",
        "f01701202ff",
        "f0170ffffffffffffffffffff01"
      })
  void parse_refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cid.parse(text));
  }

  @Test
  void parse_refusesHashesThatNoDhtTakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cid.parse("f01550052" + "00".repeat(0x52)));
  }
}
