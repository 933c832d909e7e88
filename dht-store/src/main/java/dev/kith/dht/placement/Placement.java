package dev.kith.dht.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses holders: one near, the others on network segments apart from it and from each other.
 * Pure: the same candidates give the same choice.
 */
public final class Placement {
  /** Scores are compared in steps, so that a small difference does not beat the neighbourhood. */
  private static final double SCORE_STEP = 0.125;

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingInt((Candidate c) -> -(int) (c.score() / SCORE_STEP))
          .thenComparingInt(Candidate::neighbourhood)
          .thenComparing(Comparator.comparingLong(Candidate::freeBytes).reversed())
          .thenComparing(Candidate::peer);

  private static final Comparator<Candidate> NEAREST_FIRST =
      Comparator.comparing((Candidate c) -> c.roundTrip().orElse(Duration.ofDays(1)))
          .thenComparing(BEST_FIRST);

  /** A wish that could not be met. */
  public enum Relaxed {
    /** Two holders share a segment, or the segment of one is unknown. */
    SEGMENTS_APART,
    /** There are fewer holders than copies wanted. */
    COPIES
  }

  /**
   * @param holders in the order of preference, the near one first
   */
  public record Choice(List<Candidate> holders, Set<Relaxed> relaxed) {
    public Choice {
      holders = List.copyOf(holders);
      relaxed = Set.copyOf(relaxed);
    }
  }

  private Placement() {}

  /**
   * Chooses holders for a new group.
   *
   * @param copies wanted, at least 1
   * @param bytes the group's size, which every holder must have room for
   */
  public static Choice choose(Collection<Candidate> candidates, int copies, long bytes) {
    List<Candidate> fitting = fitting(candidates, bytes);
    Optional<Candidate> near = fitting.stream().min(NEAREST_FIRST);
    List<Candidate> chosen = new ArrayList<>();
    near.ifPresent(chosen::add);
    return fill(chosen, List.of(), fitting, copies);
  }

  /**
   * Chooses holders in place of some that failed.
   *
   * @param kept those that go on
   * @param candidates others; none of {@code kept}, none that failed
   * @param copies wanted, those of {@code kept} included
   */
  public static Choice replace(
      Collection<Candidate> kept, Collection<Candidate> candidates, int copies, long bytes) {
    return fill(new ArrayList<>(), List.copyOf(kept), fitting(candidates, bytes), copies);
  }

  private static List<Candidate> fitting(Collection<Candidate> candidates, long bytes) {
    return candidates.stream().filter(c -> c.freeBytes() >= bytes).sorted(BEST_FIRST).toList();
  }

  /** Greedy: the best that is apart from all chosen, and where none is, the best. */
  private static Choice fill(
      List<Candidate> chosen, List<Candidate> kept, List<Candidate> ranked, int copies) {
    EnumSet<Relaxed> relaxed = EnumSet.noneOf(Relaxed.class);
    List<Candidate> left = new ArrayList<>(ranked);
    left.removeAll(chosen);
    while (kept.size() + chosen.size() < copies && !left.isEmpty()) {
      Optional<Candidate> apart =
          left.stream()
              .filter(
                  c ->
                      chosen.stream().allMatch(c::apartFrom)
                          && kept.stream().allMatch(c::apartFrom))
              .findFirst();
      if (apart.isEmpty()) {
        relaxed.add(Relaxed.SEGMENTS_APART);
      }
      Candidate next = apart.orElseGet(left::getFirst);
      left.remove(next);
      chosen.add(next);
    }
    if (kept.size() + chosen.size() < copies) {
      relaxed.add(Relaxed.COPIES);
    }
    return new Choice(chosen, relaxed);
  }
}
