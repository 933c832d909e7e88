package dev.kith.dht.placement;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A peer that could hold a group.
 *
 * @param segments where it is in the network; none = unknown
 * @param freeBytes what it has room for, as far as is known
 * @param roundTrip to it, where it was measured; zero for this very peer
 * @param score its health, from 0 to 1
 * @param neighbourhood its place among the peers that are nearest to the group's id, from 0; {@link
 *     #FAR} where it is not among them
 */
public record Candidate(
    PeerId peer,
    Set<Segment> segments,
    long freeBytes,
    Optional<Duration> roundTrip,
    double score,
    int neighbourhood) {
  public static final int FAR = Integer.MAX_VALUE;

  public Candidate {
    segments = Set.copyOf(segments);
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score: " + score);
    }
    if (neighbourhood < 0) {
      throw new IllegalArgumentException("neighbourhood: " + neighbourhood);
    }
  }

  /** Whether nothing says that the two would fail together. */
  boolean apartFrom(Candidate other) {
    return !segments.isEmpty()
        && !other.segments.isEmpty()
        && segments.stream().noneMatch(other.segments::contains);
  }
}
