package dev.kith.ledger.codec;

import java.util.Arrays;
import java.util.Comparator;
import org.apache.tuweni.bytes.Bytes;

/**
 * The order of datastores: byte by byte, unsigned, a prefix first. (The natural order of {@link
 * Bytes} is that of numbers, in which leading zeros do not count.)
 */
public final class ByteOrder {
  public static final Comparator<Bytes> UNSIGNED =
      (a, b) -> Arrays.compareUnsigned(a.toArrayUnsafe(), b.toArrayUnsafe());

  private ByteOrder() {}
}
