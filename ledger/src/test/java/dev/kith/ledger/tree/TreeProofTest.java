package dev.kith.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class TreeProofTest {
  private static final int KEYS = 400;

  private final Tree tree = tree(KEYS);
  private final Bytes32 root = tree.root();

  private static Bytes key(int number) {
    return Bytes.ofUnsignedInt(number);
  }

  private static Bytes value(int number) {
    return Bytes.ofUnsignedLong(number * 31L);
  }

  private static Tree tree(int keys) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      changes.add(new Change(key(i), Optional.of(value(i))));
    }
    try {
      return Tree.empty(node -> null).update(0, changes).tree();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Bytes encode(TreeProof proof) {
    Writer to = new Writer();
    proof.write(to);
    return to.toBytes();
  }

  @Test
  void everyKey_isProvedPresentOrAbsent_andNothingElse() throws IOException {
    for (int i = 0; i < 2 * KEYS; i++) {
      TreeProof proof = Reader.whole(encode(tree.prove(key(i))), TreeProof::read);
      Optional<Bytes> value = i < KEYS ? Optional.of(value(i)) : Optional.empty();
      assertThat(proof.proves(root, key(i), value)).as("key %s", i).isTrue();
      assertThat(proof.proves(root, key(i), i < KEYS ? Optional.empty() : Optional.of(value(i))))
          .isFalse();
      assertThat(proof.proves(root, key(i), Optional.of(value(i + 1)))).isFalse();
      assertThat(proof.proves(Bytes32.ZERO, key(i), value)).isFalse();
      assertThat(proof.proves(root, key(i + 1), Optional.of(value(i + 1)))).isFalse();
    }
  }

  /**
   * A neighbour's proof would show the absence of a key that is there, were the way not checked.
   */
  @Test
  void noKeyThatIsThere_isProvedAbsentByAnothersProof() throws IOException {
    for (int i = 0; i < KEYS; i++) {
      for (int j = KEYS; j < KEYS + 20; j++) {
        assertThat(tree.prove(key(j)).proves(root, key(i), Optional.empty())).isFalse();
      }
      assertThat(tree.prove(key((i + 1) % KEYS)).proves(root, key(i), Optional.empty())).isFalse();
    }
  }

  @Test
  void smallTrees_proveTheirKeysAndTheAbsenceOfOthers() throws IOException {
    for (int keys = 0; keys < 6; keys++) {
      Tree small = tree(keys);
      for (int i = 0; i < 30; i++) {
        Optional<Bytes> value = i < keys ? Optional.of(value(i)) : Optional.empty();
        assertThat(small.prove(key(i)).proves(small.root(), key(i), value))
            .as("key %s of %s", i, keys)
            .isTrue();
      }
    }
  }

  @Test
  void everyFlippedBit_isNoticed() throws IOException {
    for (int i : new int[] {0, 7, KEYS + 1, KEYS + 2}) {
      Optional<Bytes> value = i < KEYS ? Optional.of(value(i)) : Optional.empty();
      byte[] sound = encode(tree.prove(key(i))).toArrayUnsafe();
      for (int bit = 0; bit < sound.length * 8; bit++) {
        byte[] bent = sound.clone();
        bent[bit / 8] ^= (byte) (1 << bit % 8);
        try {
          TreeProof proof = Reader.whole(Bytes.wrap(bent), TreeProof::read);
          assertThat(proof.proves(root, key(i), value)).as("key %s bit %s", i, bit).isFalse();
        } catch (DecodeException e) {
          assertThat(e).isNotNull(); // is noticed as well
        }
      }
      for (int length = 0; length < sound.length; length++) {
        Bytes cut = Bytes.wrap(sound, 0, length);
        assertThatThrownBy(() -> Reader.whole(cut, TreeProof::read))
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  @Test
  void siblingsThatWereMoved_doNotProve() throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < KEYS; i++) {
      TreeProof proof = tree.prove(key(i));
      List<Bytes32> siblings = new ArrayList<>(proof.siblings());
      int at = random.nextInt(siblings.size() - 1);
      if (!siblings.get(at).equals(siblings.get(at + 1)) && !siblings.get(at).isZero()) {
        Collections.swap(siblings, at, at + 1);
        assertThat(
                new TreeProof(siblings, proof.leaf()).proves(root, key(i), Optional.of(value(i))))
            .isFalse();
      }
      List<Bytes32> shorter = proof.siblings().subList(1, proof.siblings().size());
      assertThat(new TreeProof(shorter, proof.leaf()).proves(root, key(i), Optional.of(value(i))))
          .isFalse();
    }
  }

  /** A node must not pass for a leaf: its preimage is 65 bytes as well. */
  @Test
  void aNode_isNoLeaf() throws IOException {
    TreeProof proof = tree.prove(key(1));
    TreeProof.Leaf forged =
        new TreeProof.Leaf(proof.siblings().getFirst(), proof.siblings().getLast());
    assertThat(
            new TreeProof(List.of(), Optional.of(forged))
                .proves(root, key(9_999), Optional.empty()))
        .isFalse();
  }

  @Test
  void otherEncodingsOfAProof_areRefused() throws IOException {
    Bytes sound = encode(tree.prove(key(1)));
    assertThatThrownBy(() -> Reader.whole(Bytes.concatenate(sound, Bytes.of(0)), TreeProof::read))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> Reader.whole(Bytes.fromHexString("0xffff"), TreeProof::read))
        .hasMessageContaining("65535");
    // one sibling, said to be there, of zeros
    Bytes zeros = Bytes.concatenate(Bytes.fromHexString("0x000180"), Bytes32.ZERO, Bytes.of(0));
    assertThatThrownBy(() -> Reader.whole(zeros, TreeProof::read))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> Reader.whole(Bytes.fromHexString("0x00010000"), TreeProof::read))
        .isInstanceOf(DecodeException.class);
  }
}
