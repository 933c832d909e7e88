/**
 * Gossipsub's routers in simulated time, a thousand and more of them, with loss, churn and
 * attackers. The same seed is the same run. Start at {@link
 * dev.kith.testnet.gossip.GossipsubSimulation}; {@link dev.kith.testnet.gossip.DeliveryPlot} draws
 * what came of it.
 */
@NullMarked
package dev.kith.testnet.gossip;

import org.jspecify.annotations.NullMarked;
