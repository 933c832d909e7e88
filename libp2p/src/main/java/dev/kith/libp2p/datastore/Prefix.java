package dev.kith.libp2p.datastore;

import java.util.Arrays;

/** What it means for a key to begin with a prefix. */
final class Prefix {
  private Prefix() {}

  static boolean of(byte[] prefix, byte[] key) {
    return key.length >= prefix.length
        && Arrays.equals(prefix, 0, prefix.length, key, 0, prefix.length);
  }
}
