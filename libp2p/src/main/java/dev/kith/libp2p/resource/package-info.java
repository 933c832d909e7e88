/**
 * What a host may spend on its peers: connections, streams and memory, counted in a tree of scopes,
 * each with bounds of its own.
 *
 * <pre>
 *   system ── transient                 handshakes, streams without a protocol
 *      ├───── subnet (/32, /56)         connections of one subscriber
 *      ├───── protocol                  streams of one protocol
 *      └───── peer ── protocol of peer  connections, streams, memory of one peer
 * </pre>
 *
 * <p>Start at {@link dev.kith.libp2p.resource.Resources}. A {@link
 * dev.kith.libp2p.resource.ConnectionScope} is taken before a socket is paid for and closed with
 * it; a {@link dev.kith.libp2p.resource.StreamScope} is taken of it for each stream. Whatever is
 * refused throws a {@link dev.kith.libp2p.resource.LimitReachedException}, which says who hit what.
 * When everything is closed, every count is back at zero.
 */
@NullMarked
package dev.kith.libp2p.resource;

import org.jspecify.annotations.NullMarked;
