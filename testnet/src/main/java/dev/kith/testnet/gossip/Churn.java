package dev.kith.testnet.gossip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets peers go down and come back, each second a share of those that are up, for 5 to 15 seconds.
 * Remembers who was up when.
 */
final class Churn {
  private record Life(long from, long to) {}

  private final SimulatedNetwork network;
  private final int links;
  private final Map<SimulatedPeer, List<Life>> lives = new HashMap<>();

  Churn(SimulatedNetwork network, double share, int links) {
    this.network = network;
    this.links = links;
    if (share > 0) {
      network.after(1_000_000_000L, () -> second(share));
    }
  }

  private void second(double share) {
    for (SimulatedPeer peer : network.peers) {
      if (peer.up() && network.random.nextDouble() < share) {
        lives
            .computeIfAbsent(peer, p -> new ArrayList<>())
            .add(new Life(peer.upSince(), network.now()));
        peer.stop();
        network.after(
            5_000_000_000L + network.random.nextLong(10_000_000_000L),
            () -> {
              peer.start();
              network.connectToSome(peer, links);
            });
      }
    }
    network.after(1_000_000_000L, () -> second(share));
  }

  /** Whether a peer was up all the time, from {@code before} a moment until {@code after} it. */
  boolean up(SimulatedPeer peer, long at, Duration before, Duration after) {
    long from = at - before.toNanos();
    long to = at + after.toNanos();
    boolean now = peer.up() && peer.upSince() <= from;
    return now
        || lives.getOrDefault(peer, List.of()).stream()
            .anyMatch(life -> life.from() <= from && life.to() >= to);
  }
}
