/**
 * The stream multiplexer yamux (libp2p/specs yamux, hashicorp/yamux).
 *
 * <p>{@link dev.kith.libp2p.yamux.YamuxSession} holds the rules and does no I/O; {@link
 * dev.kith.libp2p.yamux.YamuxMuxer} drives it and gives out {@link
 * dev.kith.libp2p.yamux.YamuxStream}s that block.
 */
@NullMarked
package dev.kith.libp2p.yamux;

import org.jspecify.annotations.NullMarked;
