package dev.kith.node.jobs;

import java.time.Duration;

/** Bounds of a coordinator; see docs/limits.md. */
final class JobLimits {
  /** Jobs that one peer coordinates at once. */
  static final int JOBS_MAX = 32;

  /** Finished jobs whose answers stay on the coordinator's disk. */
  static final int ENDED_JOBS_KEPT = 16;

  /** Parts of a job that are raced at once. */
  static final int PARTS_RACING_MAX = 128;

  /** A part that failed on this many peers fails its job. */
  static final int FAILED_PEERS_MAX = 3;

  /** A part without an answer for this long is sent to more peers, if others are quicker. */
  static final Duration RESEND = Duration.ofSeconds(5);

  /** The longest that an attempt may be under way. */
  static final Duration ATTEMPT = Duration.ofHours(4);

  private JobLimits() {}
}
