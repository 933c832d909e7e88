package dev.kith.libp2p.gossipsub.sim;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import java.time.Duration;
import java.util.Optional;

/**
 * Peers that publish under loss and churn. Run with arguments it prints what came of it: {@code
 * GossipsubSimulation [peers [seed]]}.
 */
final class GossipsubSimulation {
  /** Time to find each other. */
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** A message must be there by then: its gossip has ended. */
  private static final Duration ARRIVAL = Duration.ofSeconds(12);

  private GossipsubSimulation() {}

  /**
   * @param links that each peer dials; it has about twice as many
   * @param churn the share of the peers that goes down each second
   */
  record Scenario(
      int peers,
      int links,
      double loss,
      double churn,
      int messages,
      int messageBytes,
      RouterParams params) {}

  static Report run(Scenario scenario, long seed) {
    SimulatedNetwork network = new SimulatedNetwork(seed, scenario.loss());
    for (int i = 0; i < scenario.peers(); i++) {
      network.add(Behaviour.HONEST, scenario.params(), Optional.empty()).start();
    }
    network.peers.forEach(peer -> network.connectToSome(peer, scenario.links()));
    network.run(WARM_UP);
    Churn churn = new Churn(network, scenario.churn(), scenario.links());
    for (int i = 0; i < scenario.messages(); i++) {
      network.run(Duration.ofMillis(100));
      SimulatedPeer by = network.peers.get(network.random.nextInt(network.peers.size()));
      if (by.up() && network.now() - by.upSince() > 3_000_000_000L) {
        network.publish(by, scenario.messageBytes());
      }
    }
    network.run(ARRIVAL);
    return Report.of(
        network, (message, peer) -> churn.up(peer, message.at, Duration.ofSeconds(3), ARRIVAL));
  }

  public static void main(String[] arguments) {
    int peers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
    RouterParams flood = RouterParams.defaults();
    for (RouterParams params : new RouterParams[] {flood, flood.withFloodPublish(false)}) {
      for (double loss : new double[] {0, 0.1}) {
        for (double churn : new double[] {0, 0.01}) {
          for (int bytes : new int[] {256, 4_096}) {
            long start = System.nanoTime();
            Report report = run(new Scenario(peers, 10, loss, churn, 200, bytes, params), seed);
            System.out.printf(
                "%d peers, %s, loss %.0f %%, churn %.0f %%/s, %d bytes: %s (%.1f s)%n",
                peers,
                params.floodPublish() ? "flood" : "mesh",
                100 * loss,
                100 * churn,
                bytes,
                report,
                (System.nanoTime() - start) / 1e9);
          }
        }
      }
    }
  }
}
