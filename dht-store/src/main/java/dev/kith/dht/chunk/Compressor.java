package dev.kith.dht.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

/** zstd where it helps. Stateless. */
final class Compressor {
  static final int LEVEL = 3;

  private static final int PROBES = 4;
  private static final int PROBE_BYTES = 4 << 10;
  private static final int PROBE_LEVEL = 1;

  /**
   * Compresses into {@code out} and returns the length, or 0 where it is not worth it: when four
   * samples, or then the whole, do not shrink by an eighth. The samples cost a hundredth of what
   * trying a whole chunk would, and most large files are compressed already.
   *
   * @param out at least {@code length} long
   */
  int compress(byte[] plain, int length, byte[] out) {
    if (!promising(plain, length, out)) {
      return 0;
    }
    int room = worthwhile(length);
    try {
      return Math.toIntExact(Zstd.compressByteArray(out, 0, room, plain, 0, length, LEVEL));
    } catch (ZstdException e) {
      // The target is as large as the result may be, so "no room" means: not worth it.
      if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
        return 0;
      }
      throw new IllegalStateException("zstd failed", e);
    }
  }

  /**
   * Undoes {@link #compress}.
   *
   * @throws DamagedChunkException when the result has not exactly {@code plainBytes}
   */
  static void decompress(byte[] payload, int payloadBytes, byte[] out, int plainBytes)
      throws DamagedChunkException {
    try {
      long length = Zstd.decompressByteArray(out, 0, plainBytes, payload, 0, payloadBytes);
      if (length != plainBytes) {
        throw new DamagedChunkException("zstd gave " + length + " bytes, not " + plainBytes);
      }
    } catch (ZstdException e) {
      throw new DamagedChunkException("zstd refused the payload: " + e.getMessage(), e);
    }
  }

  private static boolean promising(byte[] plain, int length, byte[] scratch) {
    if (length <= PROBES * PROBE_BYTES) {
      return length > 64;
    }
    int stride = (length - PROBE_BYTES) / (PROBES - 1);
    int total = 0;
    for (int i = 0; i < PROBES; i++) {
      total +=
          Math.toIntExact(
              Zstd.compressByteArray(
                  scratch, 0, scratch.length, plain, i * stride, PROBE_BYTES, PROBE_LEVEL));
    }
    return total <= worthwhile(PROBES * PROBE_BYTES);
  }

  private static int worthwhile(int length) {
    return length - Math.max(1, length / 8);
  }
}
