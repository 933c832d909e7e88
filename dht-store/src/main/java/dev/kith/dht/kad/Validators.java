package dev.kith.dht.kad;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Finds the rules for a key by its namespace; a key of an unknown namespace has none. */
final class Validators {
  private static final int NAMESPACE_BYTES_MAX = 64;

  private final Map<String, RecordValidator> byNamespace;

  Validators(Map<String, RecordValidator> byNamespace) {
    Map<String, RecordValidator> all = new HashMap<>(byNamespace);
    all.putIfAbsent(PublicKeyValidator.NAMESPACE, new PublicKeyValidator());
    this.byNamespace = Map.copyOf(all);
  }

  boolean valid(Bytes key, Bytes value) {
    return validator(key).map(v -> v.valid(key, value)).orElse(false);
  }

  /** The best of several valid values under a key of a known namespace. */
  int select(Bytes key, List<Bytes> values) {
    RecordValidator validator =
        validator(key).orElseThrow(() -> new IllegalStateException("no rules for this key"));
    return validator.select(key, values);
  }

  /** The rules for {@code /namespace/rest}. */
  Optional<RecordValidator> validator(Bytes key) {
    if (key.size() < 3 || key.get(0) != '/') {
      return Optional.empty();
    }
    for (int i = 1; i < key.size() && i <= NAMESPACE_BYTES_MAX; i++) {
      if (key.get(i) == '/') {
        byte[] name = key.slice(1, i - 1).toArrayUnsafe();
        return Optional.ofNullable(byNamespace.get(new String(name, StandardCharsets.US_ASCII)));
      }
    }
    return Optional.empty();
  }
}
