package dev.kith.testnet.gossip;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Peers that publish under loss and churn. */
public final class GossipsubSimulation {
  /** Time to find each other. */
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** A message must be there by then: its gossip has ended. */
  private static final Duration ARRIVAL = Duration.ofSeconds(12);

  private GossipsubSimulation() {}

  /**
   * What happens.
   *
   * @param links that each peer dials; it has about twice as many
   * @param loss the share of messages, gossip, grafts and prunes that does not arrive
   * @param churn the share of the peers that goes down each second
   * @param messages ten a second, by any peer that has been up for three
   */
  public record Scenario(
      int peers,
      int links,
      double loss,
      double churn,
      int messages,
      int messageBytes,
      RouterParams params) {
    /** The scenarios of docs/gossipsub.md: with and without flood publishing, under more faults. */
    public static List<Scenario> standard(int peers, int messages) {
      List<Scenario> scenarios = new ArrayList<>();
      for (boolean flood : new boolean[] {true, false}) {
        RouterParams params = RouterParams.defaults().withFloodPublish(flood);
        for (double[] faults : new double[][] {{0, 0}, {0.1, 0}, {0.1, 0.01}}) {
          scenarios.add(new Scenario(peers, 10, faults[0], faults[1], messages, 1_024, params));
        }
      }
      return scenarios;
    }

    /** What publishers do, in a word. */
    public String publishing() {
      return params.floodPublish() ? "flood" : "mesh";
    }
  }

  /** Runs it; the same seed is the same run. */
  public static Report run(Scenario scenario, long seed) {
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
}
