package dev.kith.libp2p.gossipsub.score;

/** What is counted of one peer in one topic. Owned by the router's thread. */
final class TopicCounters {
  private final TopicScoreParams params;
  private boolean inMesh;
  private long graftedNanos;
  private long inMeshNanos;
  private double firstDeliveries;
  private double meshDeliveries;
  private double meshFailures;
  private double invalid;

  TopicCounters(TopicScoreParams params) {
    this.params = params;
  }

  void grafted(long now) {
    inMesh = true;
    graftedNanos = now;
    inMeshNanos = 0;
  }

  void pruned() {
    if (inMesh) {
      meshFailures += params.meshMessageDeliveries().deficit(meshDeliveries, inMeshNanos);
      inMesh = false;
    }
  }

  void firstDelivery() {
    firstDeliveries = params.firstMessageDeliveries().counted(firstDeliveries);
    meshDelivery();
  }

  void meshDelivery() {
    if (inMesh) {
      meshDeliveries = params.meshMessageDeliveries().counted(meshDeliveries);
    }
  }

  void invalid() {
    invalid++;
  }

  /** The peer left: what it earned is gone, what it owes stays. */
  void disconnected() {
    pruned();
    firstDeliveries = 0;
  }

  void decay(long now, double toZero) {
    firstDeliveries = decayed(firstDeliveries, params.firstMessageDeliveries().decay(), toZero);
    meshDeliveries = decayed(meshDeliveries, params.meshMessageDeliveries().decay(), toZero);
    meshFailures = decayed(meshFailures, params.meshFailurePenalty().decay(), toZero);
    invalid = decayed(invalid, params.invalidMessageDeliveries().decay(), toZero);
    if (inMesh) {
      inMeshNanos = now - graftedNanos;
    }
  }

  static double decayed(double counter, double decay, double toZero) {
    double left = counter * decay;
    return left < toZero ? 0 : left;
  }

  double score() {
    double score = params.meshFailurePenalty().score(meshFailures);
    if (inMesh) {
      score += params.timeInMesh().score(inMeshNanos);
      score += params.meshMessageDeliveries().score(meshDeliveries, inMeshNanos);
    }
    score += params.firstMessageDeliveries().score(firstDeliveries);
    score += params.invalidMessageDeliveries().score(invalid);
    return params.weight() * score;
  }

  /** Whether nothing is lost by forgetting it. */
  boolean blank() {
    return !inMesh
        && firstDeliveries == 0
        && meshDeliveries == 0
        && meshFailures == 0
        && invalid == 0;
  }
}
