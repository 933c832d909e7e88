package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Vote;
import java.util.Arrays;

/**
 * Who voted of late: what a leader claims in its block's header. A vote that comes after its view
 * was decided counts too, else the slower half of a committee would count as absent.
 */
final class Attendance {
  /** Whoever voted in one of so many views before the block's is there. */
  static final int SLACK_VIEWS = 4;

  /** So is whoever voted this short a while ago, however fast the views pass. */
  static final int SLACK_MILLIS = 3_000;

  private final int self;
  private final long[] view;
  private final long[] millis;

  /**
   * @param begin the view before the first: until a few have passed, all count as there
   */
  Attendance(int self, int validators, long begin) {
    this.self = self;
    view = new long[validators];
    millis = new long[validators];
    Arrays.fill(view, begin);
    Arrays.fill(millis, Long.MIN_VALUE / 2);
  }

  /** Whether a vote would tell anything new. */
  boolean wants(Vote vote) {
    return vote.view() > view[vote.signer()];
  }

  /** Notes a verified vote. */
  void voted(Vote vote, long now) {
    view[vote.signer()] = Math.max(view[vote.signer()], vote.view());
    millis[vote.signer()] = now;
  }

  /** The claim in a header: bit i is set where validator i is there. */
  int claim(long inView, long now) {
    int present = 1 << self;
    for (int i = 0; i < view.length; i++) {
      if (view[i] >= inView - 1 - SLACK_VIEWS || now - millis[i] <= SLACK_MILLIS) {
        present |= 1 << i;
      }
    }
    return present;
  }
}
