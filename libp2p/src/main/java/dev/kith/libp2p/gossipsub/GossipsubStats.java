package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.router.RouterStats;

/**
 * What was done since the start.
 *
 * @param droppedForSlowPeers messages and other things that were not sent, as too much waited for
 *     the peer already
 */
public record GossipsubStats(RouterStats router, long droppedForSlowPeers) {}
