package dev.kith.ledger;

import java.util.List;

/**
 * The present epoch, whom it gave seats, and who could take one.
 *
 * @param startHeight of the block after which it began
 * @param startMillis chain time of that block
 * @param seats in the committee's order
 * @param standbys members without a seat that said that they are ready, those that did last at the
 *     end
 */
public record CommitteeRow(
    long epoch, long startHeight, long startMillis, List<Seat> seats, List<Standby> standbys) {
  public CommitteeRow {
    seats = List.copyOf(seats);
    standbys = List.copyOf(standbys);
  }

  /**
   * A validator.
   *
   * @param member index of the member
   * @param leaving it said that it goes
   * @param evicted it was proved to have signed two statements that exclude one another
   * @param missed more than half of the committee did not see it vote of late
   */
  public record Seat(int member, boolean leaving, boolean evicted, boolean missed) {}

  /**
   * A member that is willing to validate.
   *
   * @param readyMillis chain time at which it last said so
   */
  public record Standby(int member, long readyMillis) {}
}
