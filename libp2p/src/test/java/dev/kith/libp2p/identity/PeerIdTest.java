package dev.kith.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
  @Test
  void parse_readsTheFormsOfTheSpecification() {
    PeerId id = PeerId.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
    assertThat(PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"))
        .isEqualTo(id);
    assertThat(id.toString()).isEqualTo("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
    assertThat(id.toCid()).isEqualTo("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe");
    assertThat(id.publicKey()).isEmpty();
    PeerId inline = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
    assertThat(inline.publicKey().orElseThrow().type()).isEqualTo(KeyType.ED25519);
    assertThat(inline.publicKey().orElseThrow().peerId()).isEqualTo(inline);
  }

  @ParameterizedTest
  @EnumSource(names = {"SECP256K1", "ED25519"})
  void everyForm_leadsBackToTheKey(KeyType type) {
    PublicKey key = Keys.fromSeed(type, 4).publicKey();
    PeerId id = key.peerId();
    assertThat(PeerId.parse(id.toString())).isEqualTo(id);
    assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
    Bytes cid = Bytes.concatenate(Bytes.of(1, 0x72), id.multihash());
    for (dev.kith.libp2p.multiformats.Multibase base :
        dev.kith.libp2p.multiformats.Multibase.values()) {
      assertThat(PeerId.parse(base.prefix() + base.encode(cid))).as("%s", base).isEqualTo(id);
    }
    assertThat(PeerId.fromBytes(id.multihash())).isEqualTo(id);
    assertThat(id.publicKey()).contains(key);
    assertThat(id.toString()).startsWith(type == KeyType.ED25519 ? "12D3Koo" : "16Uiu2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Q",
        "Qm",
        "1",
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx0N",
        "bafybeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
        "x12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
        "1111111111111111111111111111111111111111111111111111111111111111111111111"
      })
  void parse_refusesWhatIsNoPeerId(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PeerId.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12", "1220", "0001", "1220ff", "00", "132000"})
  void fromBytes_refusesOtherMultihashes(String hex) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PeerId.fromBytes(Bytes.fromHexString(hex)));
  }

  @Test
  void parse_refusesATextThatWouldTakeLongToDecode() {
    assertThatIllegalArgumentException().isThrownBy(() -> PeerId.parse("Qm".repeat(100_000)));
  }
}
