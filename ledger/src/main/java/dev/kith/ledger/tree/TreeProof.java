package dev.kith.ledger.tree;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The way from the root to where a key stands or would stand. At a million keys about 20 siblings.
 *
 * @param siblings what stands beside the way, top first; zeros for nothing
 * @param leaf at the end of the way: the key's own or, which proves that the key is absent, another
 *     one; empty where nothing is there
 */
public record TreeProof(List<Bytes32> siblings, Optional<Leaf> leaf) {
  private static final int SIBLINGS_MAX = 256;

  /** The hash of a key and the hash of its value. */
  public record Leaf(Bytes32 key, Bytes32 valueHash) {}

  public TreeProof {
    siblings = List.copyOf(siblings);
    if (siblings.size() > SIBLINGS_MAX) {
      throw new IllegalArgumentException("siblings: " + siblings.size());
    }
    if (!siblings.isEmpty() && siblings.getLast().isZero()) {
      throw new IllegalArgumentException("siblings: the last one is nothing");
    }
  }

  /**
   * Whether under this root the key has this value or, where it is empty, no value.
   *
   * @param key of the state, not hashed
   */
  public boolean proves(Bytes32 root, Bytes key, Optional<Bytes> value) {
    Bytes32 hash = TreeHash.key(key);
    boolean own = leaf.isPresent() && leaf.get().key().equals(hash);
    if (own != value.isPresent()) {
      return false;
    }
    if (own && !leaf.get().valueHash().equals(TreeHash.value(value.get()))) {
      return false;
    }
    // Another leaf stands there only if its key leads there as well.
    return sharesTheWay(hash) && root.equals(root(hash));
  }

  private boolean sharesTheWay(Bytes32 hash) {
    if (leaf.isEmpty()) {
      return true;
    }
    byte[] other = leaf.get().key().toArrayUnsafe();
    for (int bit = 0; bit < siblings.size(); bit++) {
      if (bit(other, bit) != bit(hash.toArrayUnsafe(), bit)) {
        return false;
      }
    }
    return true;
  }

  private Bytes32 root(Bytes32 hash) {
    TreeHash hashes = new TreeHash();
    byte[] key = hash.toArrayUnsafe();
    byte[] at =
        leaf.map(l -> hashes.leaf(l.key().toArrayUnsafe(), l.valueHash().toArrayUnsafe()))
            .orElse(TreeHash.EMPTY);
    for (int bit = siblings.size() - 1; bit >= 0; bit--) {
      byte[] sibling = siblings.get(bit).toArrayUnsafe();
      at = bit(key, bit) == 0 ? hashes.node(at, sibling) : hashes.node(sibling, at);
    }
    return Bytes32.wrap(Arrays.copyOf(at, at.length));
  }

  private static int bit(byte[] key, int bit) {
    return (key[bit / 8] >> (7 - bit % 8)) & 1;
  }

  /**
   * siblings u16 ‖ a bit for each, set where it is something, from the highest bit of the first
   * byte on ‖ those that are (32 each) ‖ 0, or 1 ‖ key (32) ‖ hash of the value (32) of the leaf.
   */
  public void write(Writer to) {
    to.u16(siblings.size());
    byte[] some = new byte[(siblings.size() + 7) / 8];
    for (int i = 0; i < siblings.size(); i++) {
      some[i / 8] |= (byte) (siblings.get(i).isZero() ? 0 : 0x80 >> i % 8);
    }
    to.raw(some);
    siblings.stream().filter(sibling -> !sibling.isZero()).forEach(to::fixed);
    to.u8(leaf.isPresent() ? 1 : 0);
    leaf.ifPresent(l -> to.fixed(l.key()).fixed(l.valueHash()));
  }

  public static TreeProof read(Reader from) throws DecodeException {
    int count = from.u16();
    if (count > SIBLINGS_MAX) {
      throw new DecodeException("a proof of " + count + " siblings");
    }
    byte[] some = from.fixed((count + 7) / 8).toArrayUnsafe();
    List<Bytes32> siblings = new ArrayList<>();
    for (int i = 0; i < some.length * 8; i++) {
      boolean present = bit(some, i) == 1;
      if (i >= count && present) {
        throw new DecodeException("a bit after the last sibling");
      }
      if (i < count) {
        siblings.add(present ? something(from) : Bytes32.ZERO);
      }
    }
    Optional<Leaf> leaf =
        from.flag() ? Optional.of(new Leaf(from.hash(), from.hash())) : Optional.empty();
    return new TreeProof(siblings, leaf);
  }

  private static Bytes32 something(Reader from) throws DecodeException {
    Bytes32 hash = from.hash();
    if (hash.isZero()) {
      throw new DecodeException("a sibling of zeros");
    }
    return hash;
  }
}
