package dev.kith.libp2p.gossipsub.score;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How peers are scored.
 *
 * @param topics by name
 * @param otherTopics for those without an entry; empty means that they do not count
 * @param topicScoreMax the most that all topics add together, 0 for no bound
 * @param decayInterval how often counters decay, at least 100 ms
 * @param decayToZero a counter below it is zero
 * @param retention how long a bad score outlasts the connection
 */
public record ScoreParams(
    Map<String, TopicScoreParams> topics,
    Optional<TopicScoreParams> otherTopics,
    double topicScoreMax,
    ApplicationScore applicationScore,
    IpColocation ipColocation,
    BehaviourPenalty behaviourPenalty,
    Duration decayInterval,
    double decayToZero,
    Duration retention) {
  public ScoreParams {
    topics = Map.copyOf(topics);
    Objects.requireNonNull(otherTopics, "otherTopics");
    Objects.requireNonNull(applicationScore, "applicationScore");
    Objects.requireNonNull(ipColocation, "ipColocation");
    Objects.requireNonNull(behaviourPenalty, "behaviourPenalty");
    Check.notNegative("topicScoreMax", topicScoreMax);
    Check.notNegative("retention", retention);
    if (decayInterval.toMillis() < 100) {
      throw new IllegalArgumentException("decayInterval: " + decayInterval);
    }
    Check.decay(decayToZero);
  }

  /**
   * Any topic counts alike, ten peers may share an address, and little misbehaviour is forgiven.
   */
  public static ScoreParams defaults() {
    return new ScoreParams(
        Map.of(),
        Optional.of(TopicScoreParams.defaults()),
        50,
        ApplicationScore.NONE,
        new IpColocation(-5, 10),
        new BehaviourPenalty(-10, 0.986, 6),
        Duration.ofSeconds(1),
        0.01,
        Duration.ofHours(1));
  }

  /** Everybody scores 0: for comparisons in simulations. */
  public static ScoreParams none() {
    return new ScoreParams(
        Map.of(),
        Optional.empty(),
        0,
        ApplicationScore.NONE,
        new IpColocation(0, 1),
        new BehaviourPenalty(0, 0.5, 0),
        Duration.ofSeconds(1),
        0.01,
        Duration.ZERO);
  }

  /** With these parameters for every topic that has none of its own. */
  public ScoreParams withOtherTopics(TopicScoreParams value) {
    return new ScoreParams(
        topics,
        Optional.of(value),
        topicScoreMax,
        applicationScore,
        ipColocation,
        behaviourPenalty,
        decayInterval,
        decayToZero,
        retention);
  }

  public ScoreParams withTopics(Map<String, TopicScoreParams> value) {
    return new ScoreParams(
        value,
        otherTopics,
        topicScoreMax,
        applicationScore,
        ipColocation,
        behaviourPenalty,
        decayInterval,
        decayToZero,
        retention);
  }

  public ScoreParams withApplicationScore(ApplicationScore value) {
    return new ScoreParams(
        topics,
        otherTopics,
        topicScoreMax,
        value,
        ipColocation,
        behaviourPenalty,
        decayInterval,
        decayToZero,
        retention);
  }

  public ScoreParams withIpColocation(IpColocation value) {
    return new ScoreParams(
        topics,
        otherTopics,
        topicScoreMax,
        applicationScore,
        value,
        behaviourPenalty,
        decayInterval,
        decayToZero,
        retention);
  }

  Optional<TopicScoreParams> topic(String topic) {
    TopicScoreParams params = topics.get(topic);
    return params == null ? otherTopics : Optional.of(params);
  }

  /** How long after its validation a copy of a message counts as near first. */
  public Duration nearFirst(String topic) {
    return topic(topic).map(p -> p.meshMessageDeliveries().window()).orElse(Duration.ZERO);
  }
}
