package dev.kith.ledger.simplex;

import dev.kith.ledger.block.ChainPoint;
import java.util.Arrays;

/**
 * The clocks of the current view. They run only while the view is armed, that is while somebody
 * waits for something: an idle realm sends nothing but its heartbeat.
 */
final class Pace {
  static final long NEVER = Long.MAX_VALUE;

  private final Timing timing;
  private final long[] heard;
  private int failedViews;
  private long enteredAt;
  private long armedAt = NEVER;
  private long retryAt = NEVER;
  private long waitingSince = NEVER;
  private long thinnedSince = NEVER;
  private long statusAt;
  private long recordsMillis = Long.MIN_VALUE / 2;

  Pace(Timing timing, int validators) {
    this.timing = timing;
    heard = new long[validators];
    Arrays.fill(heard, Long.MIN_VALUE / 2);
  }

  int delta() {
    return timing.delta(failedViews);
  }

  /** A new view; nothing in it is awaited yet. */
  void enter(long now, boolean lastOneFailed) {
    enteredAt = now;
    armedAt = NEVER;
    retryAt = NEVER;
    if (lastOneFailed) {
      failedViews++;
    }
  }

  /** Only finality proves that the network is as fast as assumed. */
  void finalized() {
    failedViews = 0;
    waitingSince = NEVER;
  }

  /** For how long something has been awaited without any block becoming final. */
  long waitedMillis(long now) {
    return waitingSince == NEVER ? 0 : now - waitingSince;
  }

  /** Notes whether too many validators are away; returns whether that is news enough to hurry. */
  boolean thinned(boolean isThinned, long now) {
    if (!isThinned) {
      thinnedSince = NEVER;
      return false;
    }
    thinnedSince = Math.min(thinnedSince, now);
    return now - thinnedSince < Timing.THINNED_MILLIS;
  }

  /** Starts the view's clocks where they stand still, or stops them. */
  void arm(boolean armed, long now) {
    if (!armed) {
      armedAt = NEVER;
      retryAt = NEVER;
      waitingSince = NEVER;
    } else if (armedAt == NEVER) {
      waitingSince = Math.min(waitingSince, now);
      armedAt = now;
      retryAt = now + retryMillis(0);
    }
  }

  boolean armed() {
    return armedAt != NEVER;
  }

  /** When to give up on a leader that proposed nothing. */
  long leadDeadline() {
    return armed() ? armedAt + 2L * delta() : NEVER;
  }

  /** When to give up on a view that leads nowhere. */
  long viewDeadline() {
    return armed() ? armedAt + 3L * delta() : NEVER;
  }

  /** When a block that was notarized and did not become final wants a descendant. */
  long linger() {
    return enteredAt + delta() / 2;
  }

  /** Whether it is time to say things again; if so, the next time is fixed. */
  boolean retryDue(long now) {
    if (now < retryAt) {
      return false;
    }
    retryAt = now + retryMillis(now - armedAt);
    return true;
  }

  boolean statusDue(long now) {
    if (now < statusAt) {
      return false;
    }
    statusAt = now + (armed() ? Timing.STATUS_BUSY_MILLIS : Timing.STATUS_IDLE_MILLIS);
    return true;
  }

  /** The next moment at which a retry or a status is due. */
  long repeats() {
    return Math.min(retryAt, statusAt);
  }

  void delivered(ChainPoint head) {
    if (head.records() > 0) {
      recordsMillis = head.timeMillis();
    }
  }

  /** How long until the leader should propose although there is nothing to say. */
  long heartbeatInMillis(ChainPoint head, Now now, boolean hurried) {
    boolean active = head.timeMillis() - recordsMillis < Timing.ACTIVE_MILLIS;
    int interval = active ? timing.heartbeatActiveMillis() : timing.heartbeatIdleMillis();
    if (hurried) {
      interval = Math.min(interval, Timing.HEARTBEAT_THINNED_MILLIS);
    }
    return head.timeMillis() + interval - now.wallMillis();
  }

  /** How long the next block has to wait for the one before it. */
  long pacingInMillis(ChainPoint parent, Now now) {
    return parent.records() == 0
        ? 0
        : parent.timeMillis() + timing.pacingMillis() - now.wallMillis();
  }

  void heard(int validator, long now) {
    heard[validator] = now;
  }

  void lost(int validator) {
    heard[validator] = Long.MIN_VALUE / 2;
  }

  boolean heardLately(int validator, long now) {
    return now - heard[validator] <= Timing.SILENT_MILLIS;
  }

  private long retryMillis(long armedFor) {
    long first = Math.max(2L * delta(), Timing.RETRY_MIN_MILLIS);
    return Math.min(Timing.RETRY_MAX_MILLIS, first + armedFor / 2);
  }
}
