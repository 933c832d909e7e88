package dev.kith.testnet.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.libp2p.gossipsub.score.MeshFailurePenalty;
import dev.kith.libp2p.gossipsub.score.MeshMessageDeliveries;
import dev.kith.libp2p.gossipsub.score.ScoreParams;
import dev.kith.libp2p.gossipsub.score.ScoreThresholds;
import dev.kith.libp2p.gossipsub.score.TopicScoreParams;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attackers against peers that score, and the same against peers that do not. */
class AttackTest {
  /** Ten messages a second: a peer of the mesh brings at least a few in ten seconds. */
  private static final ScoreParams SCORES =
      ScoreParams.defaults()
          .withOtherTopics(
              TopicScoreParams.defaults()
                  .withMeshDeliveries(
                      new MeshMessageDeliveries(
                          -1, 0.9, 5, 50, Duration.ofSeconds(5), Duration.ofMillis(100)),
                      new MeshFailurePenalty(-1, 0.97)));

  private static final RouterParams SCORING =
      RouterParams.defaults()
          .withFloodPublish(false) // it alone would carry the messages past any Sybils
          .withScores(SCORES, ScoreThresholds.defaults());

  private static final RouterParams BLIND =
      SCORING.withScores(ScoreParams.none(), ScoreThresholds.defaults());

  private static final int HONEST = 40;

  private static SimulatedNetwork honest(long seed, RouterParams params) {
    SimulatedNetwork network = new SimulatedNetwork(seed, 0.01);
    for (int i = 0; i < HONEST; i++) {
      network.add(Behaviour.HONEST, params, Optional.of("10.0.0." + i)).start();
    }
    network.peers.forEach(peer -> network.connectToSome(peer, 5));
    return network;
  }

  /** Attackers run no scores of their own, dial many honest peers, and share a few addresses. */
  private static void attack(
      SimulatedNetwork network, int count, int links, int addresses, Behaviour behaviour) {
    List<SimulatedPeer> honest = List.copyOf(network.peers);
    for (int i = 0; i < count; i++) {
      SimulatedPeer attacker =
          network.add(behaviour, BLIND, Optional.of("66.6.6." + i % addresses));
      attacker.start();
      for (int n = 0; n < links; n++) {
        attacker.connect(honest.get(network.random.nextInt(honest.size())));
      }
    }
  }

  private static void publish(SimulatedNetwork network, int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      network.run(Duration.ofMillis(100));
      network.publish(network.peers.get(network.random.nextInt(HONEST)), 256);
    }
  }

  /** The share of attackers in the meshes of honest peers. */
  private static double infiltration(SimulatedNetwork network) {
    Set<PeerId> honest =
        network.peers.stream()
            .filter(peer -> peer.behaviour == Behaviour.HONEST)
            .map(peer -> peer.id)
            .collect(Collectors.toSet());
    int all = 0;
    int attackers = 0;
    for (SimulatedPeer peer : network.peers.subList(0, HONEST)) {
      Set<PeerId> mesh = peer.router().mesh(SimulatedNetwork.TOPIC);
      Set<PeerId> bad = new HashSet<>(mesh);
      bad.removeAll(honest);
      all += mesh.size();
      attackers += bad.size();
    }
    return (double) attackers / all;
  }

  private static Report honestReport(SimulatedNetwork network) {
    return Report.of(network, (message, peer) -> peer.behaviour == Behaviour.HONEST);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void sybils_threeToOne_areThrownOutOfTheMeshes(long seed) {
    double[] share = new double[2];
    Report[] reports = new Report[2];
    RouterParams[] params = {SCORING, BLIND};
    for (int i = 0; i < 2; i++) {
      SimulatedNetwork network = honest(seed, params[i]);
      attack(network, 3 * HONEST, 10, 6, Behaviour.SILENT);
      publish(network, 30);
      network.run(Duration.ofSeconds(12));
      share[i] = infiltration(network);
      reports[i] = honestReport(network);
    }
    assertThat(share[0]).as("seed %d: in the meshes, against %f", seed, share[1]).isLessThan(0.05);
    assertThat(share[1]).as("seed %d: without scores", seed).isGreaterThan(0.3);
    assertThat(reports[0].share()).as("seed %d: %s", seed, reports[0]).isGreaterThan(0.9999);
    assertThat(reports[0].p50Millis())
        .as("seed %d: %s, without scores %s", seed, reports[0], reports[1])
        .isLessThan(reports[1].p50Millis());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void eclipse_ofOnePeerThatComesLate_isHeldOff(long seed) {
    SimulatedNetwork network = honest(seed, SCORING);
    publish(network, 5);
    SimulatedPeer victim = network.add(Behaviour.HONEST, SCORING, Optional.of("10.0.1.1"));
    victim.start();
    // Sixty attackers with twelve addresses are there before any honest peer is.
    for (int i = 0; i < 60; i++) {
      SimulatedPeer attacker =
          network.add(Behaviour.SILENT, BLIND, Optional.of("66.6.6." + i % 12));
      attacker.start();
      attacker.connect(victim);
    }
    network.run(Duration.ofSeconds(2));
    for (int i = 0; i < 8; i++) {
      victim.connect(network.peers.get(i));
    }
    publish(network, 30);
    network.run(Duration.ofSeconds(12));
    Set<PeerId> mesh = victim.router().mesh(SimulatedNetwork.TOPIC);
    Set<PeerId> honest =
        network.peers.subList(0, HONEST).stream().map(p -> p.id).collect(Collectors.toSet());
    assertThat(honest).as("seed %d: the victim's mesh", seed).containsAll(mesh);
    assertThat(mesh).as("seed %d: the victim's mesh", seed).hasSizeGreaterThanOrEqualTo(5);
    Report report =
        Report.of(network, (message, peer) -> peer == victim && message.at >= victim.upSince());
    assertThat(report.share()).as("seed %d: %s", seed, report).isGreaterThan(0.999);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void forgers_areGraylistedByAll(long seed) {
    SimulatedNetwork network = honest(seed, SCORING);
    attack(network, 10, 20, 10, Behaviour.FORGER);
    publish(network, 30);
    network.run(Duration.ofSeconds(12));
    Report report = honestReport(network);
    assertThat(report.share()).as("seed %d: %s", seed, report).isGreaterThan(0.9999);
    assertThat(infiltration(network)).as("seed %d", seed).isZero();
    for (SimulatedPeer peer : network.peers.subList(0, HONEST)) {
      for (SimulatedPeer forger : network.peers.subList(HONEST, network.peers.size())) {
        if (peer.router().subscribers(SimulatedNetwork.TOPIC).contains(forger.id)) {
          assertThat(peer.router().score(forger.id)).as("seed %d", seed).isLessThan(-80);
        }
      }
    }
  }
}
