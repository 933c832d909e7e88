package dev.kith.ledger.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class MerkleTest {
  /** The seven leaves of the certificate-transparency test vectors, and the roots of RFC 6962. */
  private static final List<Bytes> LEAVES =
      List.of(
          Bytes.EMPTY,
          Bytes.fromHexString("0x00"),
          Bytes.fromHexString("0x10"),
          Bytes.fromHexString("0x2021"),
          Bytes.fromHexString("0x3031"),
          Bytes.fromHexString("0x40414243"),
          Bytes.fromHexString("0x5051525354555657"),
          Bytes.fromHexString("0x606162636465666768696a6b6c6d6e6f"));

  @Test
  void roots_areThoseOfRfc6962() {
    assertThat(Merkle.root(List.of()))
        .isEqualTo(hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assertThat(Merkle.root(LEAVES.subList(0, 1)))
        .isEqualTo(hash("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
    assertThat(Merkle.root(LEAVES.subList(0, 3)))
        .isEqualTo(hash("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"));
    assertThat(Merkle.root(LEAVES))
        .isEqualTo(hash("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"));
  }

  @Test
  void paths_leadFromEveryLeafToTheRoot_andFromNoOther() {
    for (int count = 1; count <= 33; count++) {
      List<Bytes> leaves = IntStream.range(0, count).<Bytes>mapToObj(Bytes::ofUnsignedInt).toList();
      Bytes32 root = Merkle.root(leaves);
      for (int i = 0; i < count; i++) {
        List<Bytes32> path = Merkle.path(leaves, i);
        assertThat(Merkle.leads(leaves.get(i), i, count, path, root)).isTrue();
        assertThat(Merkle.leads(Bytes.of(9), i, count, path, root)).isFalse();
        assertThat(Merkle.leads(leaves.get(i), i + 1, count, path, root)).isFalse();
      }
    }
  }

  private static Bytes32 hash(String hex) {
    return Bytes32.fromHexString(hex);
  }
}
