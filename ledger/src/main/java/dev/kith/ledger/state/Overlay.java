package dev.kith.ledger.state;

import dev.kith.ledger.codec.ByteOrder;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** What one block changes, over the state before it. One thread owns it. */
public final class Overlay implements StateReader {
  private final Map<Bytes, Optional<Bytes>> changes = new HashMap<>();
  private StateReader base;

  public Overlay(StateReader base) {
    this.base = base;
  }

  /** Reads on from another state with the same content: what lies below was committed. */
  public void rebase(StateReader committed) {
    base = committed;
  }

  @Override
  public @Nullable Bytes get(Bytes key) throws IOException {
    Optional<Bytes> changed = changes.get(key);
    return changed == null ? base.get(key) : changed.orElse(null);
  }

  void put(Bytes key, Bytes row) {
    changes.put(key, Optional.of(row));
  }

  void delete(Bytes key) {
    changes.put(key, Optional.empty());
  }

  /** The changes by key, in the order of unsigned bytes. */
  public List<Map.Entry<Bytes, Optional<Bytes>>> changes() {
    return changes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(ByteOrder.UNSIGNED))
        .toList();
  }
}
