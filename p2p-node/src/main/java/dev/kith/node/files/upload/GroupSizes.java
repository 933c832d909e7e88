package dev.kith.node.files.upload;

/**
 * When a group is closed. Groups of 64 MiB spread and repair well; a very large put has larger
 * ones, so that its rows on the ledger stay in the hundreds: the size doubles every 64 groups.
 */
final class GroupSizes {
  static final long BYTES = 64L << 20;
  static final long BYTES_MAX = 1L << 30;
  static final int CHUNKS_MAX = 1 << 15;

  private static final int DOUBLES_EVERY = 64;

  private GroupSizes() {}

  static boolean full(int number, long bytes, int chunks) {
    int doublings = Math.min(number / DOUBLES_EVERY, 4);
    return chunks >= CHUNKS_MAX || bytes >= Math.min(BYTES << doublings, BYTES_MAX);
  }
}
