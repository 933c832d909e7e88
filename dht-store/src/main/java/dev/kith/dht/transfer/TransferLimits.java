package dev.kith.dht.transfer;

import dev.kith.dht.chunk.Frames;
import java.time.Duration;

/** Bounds of both transfer protocols; rows in docs/limits.md. */
public final class TransferLimits {
  /** Bytes of chunks that a putter may have under way to one holder. */
  public static final long CREDIT_BYTES = 16L << 20;

  /** What a putter believes of a holder's credit. */
  static final long CREDIT_BYTES_MAX = 64L << 20;

  /** Stored bytes of one group. */
  public static final long GROUP_BYTES_MAX = 2L << 30;

  /** Chunks of one group. */
  public static final int GROUP_CHUNKS_MAX = 1 << 16;

  /** The longest message without its data. */
  static final int MESSAGE_BYTES_MAX = 1024;

  /** The longest text in a refusal. */
  static final int TEXT_BYTES_MAX = 256;

  /** Requests that wait on one fetch stream. */
  static final int REQUESTS_MAX = 64;

  /** How long a holder waits for the next message of a putter, who sends keep-alives. */
  static final Duration PUTTER_SILENCE_MAX = Duration.ofMinutes(2);

  /** How long a holder keeps an idle fetch stream. */
  static final Duration FETCHER_SILENCE_MAX = Duration.ofMinutes(5);

  /** Chunks that one fetch stream may report as damaged; each costs the holder a check. */
  static final int REPORTS_MAX = 16;

  static final int CHUNK_BYTES_MAX = Frames.CHUNK_SEALED_BYTES_MAX;

  private TransferLimits() {}
}
