package dev.kith.dht.kad;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How a peer takes part in a DHT.
 *
 * @param protocol the protocol's id; peers with other ids form another DHT
 * @param mode whether it serves others
 * @param bucketSize k: peers in a bucket, peers a lookup finds, peers that store an entry; 1 to 64
 * @param alpha requests of one lookup that are under way at once, 1 to 32
 * @param requestTimeout of one request, with the connection that it may need
 * @param refreshInterval how often the routing table is checked and filled up
 * @param providerLifetime of the provider entries that this peer keeps for others
 * @param reprovideInterval how often this peer repeats what it provides; well below the lifetime
 *     that others grant
 * @param valueQuorum valid answers after which {@link Kademlia#getValue} stops looking
 * @param validators rules by namespace; {@code pk} is built in
 */
public record KademliaConfig(
    String protocol,
    Mode mode,
    int bucketSize,
    int alpha,
    Duration requestTimeout,
    Duration refreshInterval,
    Duration providerLifetime,
    Duration reprovideInterval,
    int valueQuorum,
    Map<String, RecordValidator> validators) {

  /** The public DHT's protocol id. */
  public static final String IPFS = "/ipfs/kad/1.0.0";

  /** Whether a peer answers requests, and so may stand in routing tables. */
  public enum Mode {
    SERVER,
    /** For peers that others cannot reach: it asks and announces, and nobody is sent to it. */
    CLIENT
  }

  public KademliaConfig {
    Objects.requireNonNull(mode, "mode");
    if (!protocol.startsWith("/")) {
      throw new IllegalArgumentException("protocol: " + protocol);
    }
    if (bucketSize < 1 || bucketSize > 64) {
      throw new IllegalArgumentException("bucketSize: " + bucketSize);
    }
    if (alpha < 1 || alpha > 32) {
      throw new IllegalArgumentException("alpha: " + alpha);
    }
    if (valueQuorum < 1) {
      throw new IllegalArgumentException("valueQuorum: " + valueQuorum);
    }
    requirePositive("requestTimeout", requestTimeout);
    requirePositive("refreshInterval", refreshInterval);
    requirePositive("providerLifetime", providerLifetime);
    requirePositive("reprovideInterval", reprovideInterval);
    validators = Map.copyOf(validators);
  }

  /** A server with the values that go-libp2p uses. */
  public static KademliaConfig server(String protocol) {
    return new KademliaConfig(
        protocol,
        Mode.SERVER,
        20,
        10,
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        Duration.ofDays(2),
        Duration.ofHours(22),
        8,
        Map.of());
  }

  public KademliaConfig withMode(Mode value) {
    return new KademliaConfig(
        protocol,
        value,
        bucketSize,
        alpha,
        requestTimeout,
        refreshInterval,
        providerLifetime,
        reprovideInterval,
        valueQuorum,
        validators);
  }

  public KademliaConfig withValidators(Map<String, RecordValidator> value) {
    return new KademliaConfig(
        protocol,
        mode,
        bucketSize,
        alpha,
        requestTimeout,
        refreshInterval,
        providerLifetime,
        reprovideInterval,
        valueQuorum,
        value);
  }

  public KademliaConfig withIntervals(Duration refresh, Duration lifetime, Duration reprovide) {
    return new KademliaConfig(
        protocol,
        mode,
        bucketSize,
        alpha,
        requestTimeout,
        refresh,
        lifetime,
        reprovide,
        valueQuorum,
        validators);
  }

  Lookup.Limits lookupLimits() {
    Duration patience = requestTimeout.dividedBy(4);
    return new Lookup.Limits(bucketSize, alpha, 1024, 256, patience, requestTimeout);
  }

  private static void requirePositive(String field, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(field + ": " + value);
    }
  }
}
