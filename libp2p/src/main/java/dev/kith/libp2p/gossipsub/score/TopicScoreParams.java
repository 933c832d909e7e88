package dev.kith.libp2p.gossipsub.score;

import java.time.Duration;
import java.util.Objects;

/**
 * How peers are scored in a topic: P1 to P4.
 *
 * @param weight how much the topic counts beside others, at least 0
 */
public record TopicScoreParams(
    double weight,
    TimeInMesh timeInMesh,
    FirstMessageDeliveries firstMessageDeliveries,
    MeshMessageDeliveries meshMessageDeliveries,
    MeshFailurePenalty meshFailurePenalty,
    InvalidMessageDeliveries invalidMessageDeliveries) {
  public TopicScoreParams {
    Check.reward(weight);
    Objects.requireNonNull(timeInMesh, "timeInMesh");
    Objects.requireNonNull(firstMessageDeliveries, "firstMessageDeliveries");
    Objects.requireNonNull(meshMessageDeliveries, "meshMessageDeliveries");
    Objects.requireNonNull(meshFailurePenalty, "meshFailurePenalty");
    Objects.requireNonNull(invalidMessageDeliveries, "invalidMessageDeliveries");
  }

  /**
   * For a topic of unknown traffic: up to 1 point for a minute in the mesh, up to 10 for messages
   * that came first, and a graylisting for nine invalid messages within some minutes. P3 is off.
   */
  public static TopicScoreParams defaults() {
    return new TopicScoreParams(
        1,
        new TimeInMesh(0.02, Duration.ofSeconds(1), 50),
        new FirstMessageDeliveries(0.2, 0.97, 50),
        MeshMessageDeliveries.OFF,
        new MeshFailurePenalty(0, 0.97),
        new InvalidMessageDeliveries(-1, 0.998));
  }

  /** With P3 and P3b, for a topic whose traffic is known. */
  public TopicScoreParams withMeshDeliveries(
      MeshMessageDeliveries deliveries, MeshFailurePenalty failures) {
    return new TopicScoreParams(
        weight, timeInMesh, firstMessageDeliveries, deliveries, failures, invalidMessageDeliveries);
  }
}
