/**
 * The connection manager: which connections a host keeps when it has more than it wants.
 *
 * <p>Above the high-water mark connections are closed until the low one is reached: those of peers
 * of the least value first, the idlest first among equals. Connections that are younger than the
 * grace period, and those of protected peers, stay.
 *
 * <p>Start at {@link dev.kith.libp2p.connmgr.ConnectionManager}, which a host hands out; {@link
 * dev.kith.libp2p.connmgr.ConnectionMachine} decides, without I/O, and {@link
 * dev.kith.libp2p.connmgr.TrimmingConnectionManager} carries it out.
 */
@NullMarked
package dev.kith.libp2p.connmgr;

import org.jspecify.annotations.NullMarked;
