package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.router.RouterStats;

/**
 * What was done since the start.
 *
 * @param droppedForSlowPeers messages and other things that were not sent, as too much waited for
 *     the peer already
 * @param bytesSent on the streams to peers, before they are secured
 */
public record GossipsubStats(RouterStats router, long droppedForSlowPeers, long bytesSent) {}
