/**
 * What a host asks of whatever carries its connections: a {@link
 * dev.kith.libp2p.transport.Transport} listens on and dials one kind of address, and makes {@link
 * dev.kith.libp2p.transport.MuxedConnection}s, on whose streams protocols are then agreed. Event
 * loops, and what is bounded over all transports of a host, are here too.
 */
@NullMarked
package dev.kith.libp2p.transport;

import org.jspecify.annotations.NullMarked;
