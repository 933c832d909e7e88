package dev.kith.libp2p.gossipsub.router;

import java.time.Duration;

/**
 * How messages are told of, asked for and remembered.
 *
 * @param degreeLazy D_lazy, the peers outside of the mesh that get gossip at the least
 * @param gossipFactor the share of those peers that gets it where there are more
 * @param historyLength heartbeats for which messages are kept for those who ask
 * @param historyGossip heartbeats for which they are told of; at most {@code historyLength}
 * @param cacheBytesMax what the kept messages may take together
 * @param idsMax ids of an IHAVE, and ids that one peer is asked for in a heartbeat
 * @param ihavesMax IHAVEs of one peer in a heartbeat that are heeded
 * @param retransmissions how often one peer gets one message that it asks for
 * @param iwantFollowup how soon a peer must send what it told of
 * @param dontWantBytes the size from which IDONTWANT is sent for messages; smaller ones cost less
 *     than it does
 * @param dontWantsMax ids of IDONTWANTs of one peer in a heartbeat that are heeded
 * @param dontWantHeartbeats for how long they are
 * @param fanoutLifetime how long the peers of a topic that is only published to are kept
 * @param seenLifetime how long messages are recognised
 * @param seenMax how many of them; the oldest are forgotten
 */
public record GossipParams(
    int degreeLazy,
    double gossipFactor,
    int historyLength,
    int historyGossip,
    long cacheBytesMax,
    int idsMax,
    int ihavesMax,
    int retransmissions,
    Duration iwantFollowup,
    int dontWantBytes,
    int dontWantsMax,
    int dontWantHeartbeats,
    Duration fanoutLifetime,
    Duration seenLifetime,
    int seenMax) {
  public GossipParams {
    require("degreeLazy", degreeLazy, 0, 1_000);
    if (!(gossipFactor >= 0 && gossipFactor <= 1)) {
      throw new IllegalArgumentException("gossipFactor: " + gossipFactor);
    }
    require("historyLength", historyLength, 1, 120);
    require("historyGossip", historyGossip, 1, historyLength);
    require("cacheBytesMax", cacheBytesMax, 1, Long.MAX_VALUE);
    require("idsMax", idsMax, 1, 20_000);
    require("ihavesMax", ihavesMax, 1, 10_000);
    require("retransmissions", retransmissions, 0, 100);
    require("dontWantBytes", dontWantBytes, 0, Integer.MAX_VALUE);
    require("dontWantsMax", dontWantsMax, 0, 100_000);
    require("dontWantHeartbeats", dontWantHeartbeats, 1, 120);
    require("seenMax", seenMax, 1, 10_000_000);
    require("iwantFollowup", iwantFollowup.toMillis(), 1, Long.MAX_VALUE);
    require("fanoutLifetime", fanoutLifetime.toMillis(), 1, Long.MAX_VALUE);
    require("seenLifetime", seenLifetime.toMillis(), 1, Long.MAX_VALUE);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  /** What go-libp2p does, with bounds where it has none. */
  public static GossipParams defaults() {
    return new GossipParams(
        6,
        0.25,
        5,
        3,
        64L << 20,
        5_000,
        10,
        3,
        Duration.ofSeconds(3),
        1_024,
        1_000,
        3,
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        131_072);
  }
}
