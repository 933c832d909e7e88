package dev.kith.testnet.gossip;

import dev.kith.testnet.gossip.SimulatedNetwork.Published;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/**
 * What came of the messages.
 *
 * @param expected pairs of a message and a peer that should have it
 * @param delivered those of them where the peer has it
 * @param duplicates copies received for each message delivered
 * @param histogram how many deliveries took 0 ms, 1 ms and so on
 */
public record Report(
    long expected,
    long delivered,
    long p50Millis,
    long p99Millis,
    long maxMillis,
    double duplicates,
    List<Integer> histogram) {
  /** Copies the histogram. */
  public Report {
    histogram = List.copyOf(histogram);
  }

  /** Over the pairs that should be. */
  static Report of(SimulatedNetwork network, BiPredicate<Published, SimulatedPeer> expects) {
    long expected = 0;
    long deliveries = 0;
    long[] millis = new long[network.published.size() * network.peers.size()];
    int delivered = 0;
    for (Published message : network.published.values()) {
      deliveries += message.delivered.size();
      for (SimulatedPeer peer : network.peers) {
        if (peer != message.by && expects.test(message, peer)) {
          expected++;
          Long at = message.delivered.get(peer);
          if (at != null) {
            millis[delivered++] = (at - message.at) / 1_000_000;
          }
        }
      }
    }
    long[] sorted = Arrays.copyOf(millis, delivered);
    Arrays.sort(sorted);
    long copies = network.peers.stream().mapToLong(SimulatedPeer::duplicates).sum();
    return new Report(
        expected,
        delivered,
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1),
        deliveries == 0 ? 0 : (double) copies / deliveries,
        histogram(sorted));
  }

  private static List<Integer> histogram(long[] sorted) {
    int[] counts = new int[sorted.length == 0 ? 0 : (int) at(sorted, 1) + 1];
    for (long millis : sorted) {
      counts[(int) millis]++;
    }
    return IntStream.of(counts).boxed().toList();
  }

  private static long at(long[] sorted, double share) {
    return sorted.length == 0
        ? -1
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }

  /** Of what was expected, the part that was delivered. */
  public double share() {
    return (double) delivered / expected;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "delivered %d of %d (%.5f %%), latency p50 %d ms, p99 %d ms, max %d ms, %.2f duplicates",
        delivered,
        expected,
        100 * share(),
        p50Millis,
        p99Millis,
        maxMillis,
        duplicates);
  }
}
