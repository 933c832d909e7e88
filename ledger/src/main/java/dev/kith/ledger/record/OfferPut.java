package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;

/**
 * What the author's device offers the realm. Replaces its previous offer.
 *
 * @param slots parts that it computes at once; 0 = none
 * @param memoryMiB for one part
 * @param diskBytes the quota that it lends to the store
 * @param capabilities names such as {@code runtime.wasm}; at most 32 of 64 bytes each
 * @param ttlSeconds how long the offer holds, in chain time
 */
public record OfferPut(
    int slots, int memoryMiB, long diskBytes, List<String> capabilities, int ttlSeconds)
    implements Fact {
  /** Names of capabilities in one offer. */
  public static final int CAPABILITIES_MAX = 32;

  public OfferPut {
    Bounds.range("slots", slots, 0, 0xFFFF);
    Bounds.range("memoryMiB", memoryMiB, 0, Integer.MAX_VALUE);
    Bounds.range("diskBytes", diskBytes, 0, Long.MAX_VALUE);
    Bounds.range("ttlSeconds", ttlSeconds, 0, Integer.MAX_VALUE);
    Bounds.count("capabilities", capabilities, 0, CAPABILITIES_MAX);
    capabilities = List.copyOf(capabilities);
    capabilities.forEach(name -> Bounds.text("capabilities", name, Bounds.NAME_BYTES_MAX));
  }

  /** slots u16 ‖ memory u32 ‖ disk u64 ‖ names (u8 count, each u16 length) ‖ ttl u32. */
  void write(Writer to) {
    to.u16(slots).u32(memoryMiB).u63(diskBytes).u8(capabilities.size());
    capabilities.forEach(to::text);
    to.u32(ttlSeconds);
  }

  static OfferPut read(Reader from) throws DecodeException {
    return new OfferPut(
        from.u16(),
        from.u32(),
        from.u63(),
        from.list8(CAPABILITIES_MAX, r -> r.text(Bounds.NAME_BYTES_MAX)),
        from.u32());
  }
}
