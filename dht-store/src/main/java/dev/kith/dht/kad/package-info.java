/**
 * Kademlia as libp2p speaks it (libp2p/specs kad-dht): finding peers, providers of content, and
 * small validated values. The wire format and the bounds stand in docs/kad.md.
 *
 * <p>Start at {@link dev.kith.dht.kad.Kademlia}. Below it are machines without I/O, which the tests
 * run in a simulated network: {@code RoutingTable} (who is known), {@code Lookup} (whom to ask
 * next) and {@code Responder} (what to answer). The rest moves bytes: {@code KadCodec}, {@code
 * KadClient}, {@code KadServer}.
 */
@NullMarked
package dev.kith.dht.kad;

import org.jspecify.annotations.NullMarked;
