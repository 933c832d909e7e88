package dev.kith.dht.blockstore;

/**
 * How full a store is, in bytes.
 *
 * @param quota what the device's owner lends
 * @param live what committed groups take, with headers and padding
 * @param dead what deleted groups still take until it is needed
 * @param reserved set aside for groups that are being written
 */
public record StoreUsage(long quota, long live, long dead, long reserved) {
  /** What new groups can have; dead bytes are reclaimed for them. */
  public long free() {
    return Math.max(0, quota - live - reserved);
  }
}
