package dev.kith.ledger.record;

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
  public OfferPut {
    capabilities = List.copyOf(capabilities);
  }
}
