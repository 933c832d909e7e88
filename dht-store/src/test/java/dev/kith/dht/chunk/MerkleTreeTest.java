package dev.kith.dht.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  @Test
  void root_followsRfc6962() {
    // The tree heads of the certificate-transparency test suite for its first 1, 2, 3 and 8 leaves.
    String[] leaves = {
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f"
    };
    assertThat(root(leaves, 1))
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(root(leaves, 2))
        .isEqualTo("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assertThat(root(leaves, 3))
        .isEqualTo("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    assertThat(root(leaves, 8))
        .isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  }

  private static String root(String[] hex, int count) {
    byte[] leaves = new byte[count * 32];
    for (int i = 0; i < count; i++) {
      byte[] data = java.util.HexFormat.of().parseHex(hex[i]);
      MerkleTree.leaf(Sha256.create(), data, 0, data.length, leaves, i * 32);
    }
    return MerkleTree.root(leaves).toUnprefixedHexString();
  }

  @Test
  void path_leadsEveryRangeOfEveryTreeToItsRoot() {
    for (int all = 1; all <= 20; all++) {
      byte[] leaves = TestData.random(all, all * 32);
      Bytes32 root = MerkleTree.root(leaves);
      for (int first = 0; first < all; first++) {
        for (int count = 1; count <= all - first; count++) {
          List<Bytes32> path = MerkleTree.path(leaves, first, count);
          byte[] range = Arrays.copyOfRange(leaves, first * 32, (first + count) * 32);
          assertThat(MerkleTree.rootOf(range, first, all, path)).isEqualTo(root);
          assertThat(path.size()).isLessThanOrEqualTo(MerkleTree.pathLengthMax(all));
        }
      }
    }
  }

  @Test
  void path_doesNotLeadOtherLeavesOrPlacesToTheRoot() {
    byte[] leaves = TestData.random(1, 16 * 32);
    Bytes32 root = MerkleTree.root(leaves);
    List<Bytes32> path = MerkleTree.path(leaves, 5, 2);
    byte[] range = Arrays.copyOfRange(leaves, 5 * 32, 7 * 32);
    byte[] altered = range.clone();
    altered[40] ^= 1;
    assertThat(MerkleTree.rootOf(altered, 5, 16, path)).isNotEqualTo(root);
    assertThat(MerkleTree.rootOf(range, 9, 16, path)).isNotEqualTo(root);
    List<Bytes32> longer = new ArrayList<>(path);
    longer.add(Bytes32.ZERO);
    assertThatThrownBy(() -> MerkleTree.rootOf(range, 5, 16, longer))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MerkleTree.rootOf(range, 5, 16, path.subList(0, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rootOver_isZeroForNothing() {
    assertThat(MerkleTree.rootOver(List.of())).isEqualTo(Bytes32.ZERO);
  }
}
