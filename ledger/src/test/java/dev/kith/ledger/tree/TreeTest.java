package dev.kith.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.ledger.codec.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeTest {
  private final Map<NodeKey, byte[]> stored = new HashMap<>();
  private final Map<Bytes, Bytes> rows = new HashMap<>();
  private Tree tree = Tree.empty(stored::get);
  private long version;
  private long saved = -1;

  private static Bytes bytes(int number) {
    return Bytes.ofUnsignedInt(number);
  }

  private static Change put(int key, int value) {
    return new Change(bytes(key), Optional.of(bytes(value)));
  }

  private static Change delete(int key) {
    return new Change(bytes(key), Optional.empty());
  }

  /** Applies changes to the tree and to the rows. */
  private List<NodeKey> apply(List<Change> changes) throws IOException {
    Update update = tree.update(version++, changes);
    tree = update.tree();
    for (Change change : changes) {
      if (change.value().isPresent()) {
        rows.put(change.key(), change.value().get());
      } else {
        rows.remove(change.key());
      }
    }
    return update.replaced();
  }

  private void save() {
    Saving saving = tree.save(saved);
    saving.write(stored::put);
    saving.stored();
    saved = version - 1;
  }

  private static List<Change> random(Random random, int keys) {
    List<Change> changes = new ArrayList<>();
    for (int i = random.nextInt(1, 40); i > 0; i--) {
      int key = random.nextInt(keys);
      changes.add(random.nextInt(3) == 0 ? delete(key) : put(key, random.nextInt(3)));
    }
    return changes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void root_isThatOfATreeMadeFromNothing(int seed) throws IOException {
    Random random = new Random(seed);
    int keys = 1 << random.nextInt(1, 12);
    for (int block = 0; block < 60; block++) {
      apply(random(random, keys));
      assertThat(tree.root()).as("seed %s block %s", seed, block).isEqualTo(NaiveTree.root(rows));
      if (random.nextInt(4) == 0) {
        save();
      }
      if (random.nextInt(10) == 0) {
        save();
        tree = Tree.stored(stored::get, tree.encodeRoot());
        assertThat(tree.root()).as("seed %s, opened anew", seed).isEqualTo(NaiveTree.root(rows));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 13, 14})
  void whatWasReplaced_isAllThatPruningHasToDelete(int seed) throws IOException {
    Random random = new Random(seed);
    Set<NodeKey> stale = new HashSet<>();
    for (int block = 0; block < 80; block++) {
      long savedBefore = saved;
      for (NodeKey key : apply(random(random, 300))) {
        assertThat(stale.add(key)).as("seed %s: %s replaced twice", seed, key).isTrue();
      }
      if (random.nextInt(3) == 0) {
        save();
        stale.removeIf(key -> key.version() > savedBefore && !stored.containsKey(key));
        for (NodeKey key : stale) {
          stored.remove(key);
        }
        stale.clear();
        Tree whole = Tree.stored(stored::get, tree.encodeRoot());
        Set<NodeKey> reached = new HashSet<>();
        Tree reader =
            Tree.stored(
                key -> {
                  reached.add(key);
                  return stored.get(key);
                },
                tree.encodeRoot());
        for (int key = 0; key < 300; key++) {
          reader.prove(bytes(key));
        }
        assertThat(reached).as("seed %s: nothing else is left", seed).isEqualTo(stored.keySet());
        assertThat(whole.root()).isEqualTo(NaiveTree.root(rows));
      }
    }
  }

  @Test
  void order_doesNotMatter() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (int key = 0; key < 500; key++) {
      changes.add(put(key, key));
    }
    apply(changes);
    Bytes32 root = tree.root();
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(changes, new Random(seed));
      Tree other = Tree.empty(stored::get);
      int step = 1 + seed * 37;
      for (int from = 0; from < changes.size(); from += step) {
        List<Change> some = changes.subList(from, Math.min(changes.size(), from + step));
        other = other.update(from, some).tree();
      }
      assertThat(other.root()).as("seed %s", seed).isEqualTo(root);
    }
  }

  @Test
  void deletion_givesTheRootWithoutTheKey() throws IOException {
    List<Bytes32> roots = new ArrayList<>();
    for (int key = 0; key < 200; key++) {
      roots.add(tree.root());
      apply(List.of(put(key, 1)));
    }
    for (int key = 199; key >= 0; key--) {
      apply(List.of(delete(key)));
      assertThat(tree.root()).as("%s keys", key).isEqualTo(roots.get(key));
    }
    assertThat(tree.root()).isEqualTo(Bytes32.ZERO);
  }

  @Test
  void whatChangesNothing_makesNothing() throws IOException {
    apply(List.of(put(1, 1), put(2, 2), put(3, 3)));
    save();
    Tree before = tree;
    assertThat(apply(List.of(put(2, 2), delete(99)))).isEmpty();
    assertThat(tree).isSameAs(before);
    assertThat(apply(List.of())).isEmpty();
    assertThat(tree.save(saved).size()).isZero();
  }

  @Test
  void versionsBetweenTwoSavings_areNotStored() throws IOException {
    for (int block = 0; block < 50; block++) {
      apply(List.of(put(block % 7, block)));
    }
    save();
    assertThat(stored).hasSizeLessThan(5);
  }

  @Test
  void anOlderVersion_isStillThere() throws IOException {
    apply(List.of(put(1, 1), put(2, 2), put(3, 3)));
    save();
    Tree old = tree;
    apply(List.of(put(1, 9), delete(2)));
    save();
    assertThat(old.prove(bytes(2)).proves(old.root(), bytes(2), Optional.of(bytes(2)))).isTrue();
    assertThat(tree.prove(bytes(2)).proves(tree.root(), bytes(2), Optional.empty())).isTrue();
  }

  @Test
  void aDamagedNode_isNotTakenForAnother() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (int key = 0; key < 100; key++) {
      changes.add(put(key, key));
    }
    apply(changes);
    save();
    Bytes root = tree.encodeRoot();
    Random random = new Random(5);
    for (byte[] node : stored.values()) {
      byte[] sound = node.clone();
      node[random.nextInt(node.length)] ^= (byte) (1 << random.nextInt(8));
      Tree damaged = Tree.stored(stored::get, root);
      assertThatIOException()
          .isThrownBy(
              () -> {
                for (int key = 0; key < 100; key++) {
                  damaged.prove(bytes(key));
                }
              });
      System.arraycopy(sound, 0, node, 0, node.length);
    }
    stored.clear();
    Tree lost = Tree.stored(stored::get, root);
    assertThatIOException().isThrownBy(() -> lost.update(version, List.of(put(1, 2))));
  }

  @Test
  void layout_isPinned() throws IOException, DecodeException {
    apply(List.of(put(1, 1), put(2, 2)));
    assertThat(tree.root().toHexString())
        .isEqualTo(NaiveTree.root(Map.of(bytes(1), bytes(1), bytes(2), bytes(2))).toHexString());
    save();
    NodeKey key = stored.keySet().iterator().next();
    assertThat(NodeKey.decode(key.encode())).isEqualTo(key);
    assertThat(key.encode().toHexString()).isEqualTo("0x000000000000000000");
    assertThat(tree.encodeRoot().size()).isEqualTo(1 + 8 + 32);
  }
}
