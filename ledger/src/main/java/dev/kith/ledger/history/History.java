package dev.kith.ledger.history;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The digests of the headers of heights 1 to {@code size}, as a Merkle mountain range: full trees,
 * the largest first, one for each bit of the size. Their tops, taken together from the right, are
 * the root of the tree of RFC 6962 over the digests, so the proofs are those of {@link Merkle}.
 *
 * @param peaks the tops of the full trees
 */
public record History(long size, List<Bytes32> peaks) {
  /** Of no header. */
  public static final History EMPTY = new History(0, List.of());

  public History {
    peaks = List.copyOf(peaks);
    if (size < 0 || peaks.size() != Long.bitCount(size)) {
      throw new IllegalArgumentException("history: " + peaks.size() + " peaks of " + size);
    }
  }

  /**
   * The history with the next header in it.
   *
   * @param made gets every full tree that this completes, the header itself first
   */
  public History with(Bytes32 digest, HistorySink made) {
    List<Bytes32> after = new ArrayList<>(peaks);
    Bytes32 top = Merkle.leaf(digest);
    long index = size;
    int level = 0;
    made.put(level, index, top);
    for (; (index & 1) == 1; index >>= 1) {
      top = Merkle.node(after.removeLast(), top);
      made.put(++level, index >> 1, top);
    }
    after.add(top);
    return new History(size + 1, after);
  }

  /** {@link #with(Bytes32, HistorySink)} where nobody keeps what it makes. */
  public History with(Bytes32 digest) {
    return with(digest, (level, index, hash) -> {});
  }

  public Bytes32 root() {
    if (peaks.isEmpty()) {
      return Merkle.root(List.of());
    }
    Bytes32 root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = Merkle.node(peaks.get(i), root);
    }
    return root;
  }

  /**
   * The history of the first headers, from what a sink took.
   *
   * @throws IOException when one of its trees is not there
   */
  public static History at(long size, HistorySource source) throws IOException {
    List<Bytes32> peaks = new ArrayList<>();
    for (int level = 62; level >= 0; level--) {
      if (((size >> level) & 1) == 1) {
        peaks.add(source.get(level, (size >> level) - 1));
      }
    }
    return new History(size, peaks);
  }

  /** size u64 ‖ peaks (32 each), one for each bit of the size. */
  public void write(Writer to) {
    to.u63(size);
    peaks.forEach(to::fixed);
  }

  public static History read(Reader from) throws DecodeException {
    long size = from.u63();
    List<Bytes32> peaks = new ArrayList<>();
    for (int i = Long.bitCount(size); i > 0; i--) {
      peaks.add(from.hash());
    }
    return new History(size, peaks);
  }
}
