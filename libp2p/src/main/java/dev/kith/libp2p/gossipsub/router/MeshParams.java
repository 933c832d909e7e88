package dev.kith.libp2p.gossipsub.router;

import java.time.Duration;

/**
 * The shape of meshes, and how they are kept (gossipsub 1.0 and 1.1).
 *
 * @param degree D, the peers of a mesh that are wished for; 0 for bootstrappers, who have none
 * @param degreeLow D_lo, below which peers are grafted
 * @param degreeHigh D_hi, at which peers are pruned
 * @param degreeScore D_score, the best peers that survive a prune; the others are drawn
 * @param degreeOut D_out, peers of a mesh that were dialled from here; below D_lo, at most D/2
 * @param heartbeat the time between two rounds of upkeep
 * @param pruneBackoff for how long a pruned peer is not grafted
 * @param unsubscribeBackoff the same, where the topic was left
 * @param graftFlood a graft so soon after a prune is penalised twice
 * @param opportunisticGraft how often a mesh that scores badly gets better peers
 * @param opportunisticGraftPeers how many of them
 */
public record MeshParams(
    int degree,
    int degreeLow,
    int degreeHigh,
    int degreeScore,
    int degreeOut,
    Duration heartbeat,
    Duration pruneBackoff,
    Duration unsubscribeBackoff,
    Duration graftFlood,
    Duration opportunisticGraft,
    int opportunisticGraftPeers) {
  public MeshParams {
    boolean none = degree == 0 && degreeLow == 0 && degreeHigh == 0 && degreeOut == 0;
    if (!none && (degreeLow < 1 || degreeLow > degree || degree > degreeHigh)) {
      throw new IllegalArgumentException(
          "degrees: %d <= %d <= %d".formatted(degreeLow, degree, degreeHigh));
    }
    if (degreeHigh > 1_000) {
      throw new IllegalArgumentException("degreeHigh: " + degreeHigh);
    }
    if (degreeOut < 0 || (!none && degreeOut >= degreeLow) || degreeOut > degree / 2) {
      throw new IllegalArgumentException("degreeOut: " + degreeOut);
    }
    if (degreeScore < 0 || degreeScore > degree) {
      throw new IllegalArgumentException("degreeScore: " + degreeScore);
    }
    if (heartbeat.toMillis() < 10) {
      throw new IllegalArgumentException("heartbeat: " + heartbeat);
    }
    requireBackoff("pruneBackoff", pruneBackoff);
    requireBackoff("unsubscribeBackoff", unsubscribeBackoff);
    if (graftFlood.isNegative() || opportunisticGraft.compareTo(heartbeat) < 0) {
      throw new IllegalArgumentException("graftFlood or opportunisticGraft: too short");
    }
    if (opportunisticGraftPeers < 0 || opportunisticGraftPeers > 100) {
      throw new IllegalArgumentException("opportunisticGraftPeers: " + opportunisticGraftPeers);
    }
  }

  private static void requireBackoff(String name, Duration value) {
    if (value.toSeconds() < 1 || value.toHours() > 1) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  /** What go-libp2p does. */
  public static MeshParams defaults() {
    return new MeshParams(
        6,
        5,
        12,
        4,
        2,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        2);
  }

  public MeshParams withDegrees(int low, int wished, int high, int score, int out) {
    return new MeshParams(
        wished,
        low,
        high,
        score,
        out,
        heartbeat,
        pruneBackoff,
        unsubscribeBackoff,
        graftFlood,
        opportunisticGraft,
        opportunisticGraftPeers);
  }

  public MeshParams withHeartbeat(Duration value) {
    return new MeshParams(
        degree,
        degreeLow,
        degreeHigh,
        degreeScore,
        degreeOut,
        value,
        pruneBackoff,
        unsubscribeBackoff,
        graftFlood,
        opportunisticGraft,
        opportunisticGraftPeers);
  }
}
