/**
 * The host over sockets: listens and dials on several transports, secures TCP with TLS or Noise,
 * muxes it with yamux, and negotiates streams. Start at {@link dev.kith.libp2p.swarm.HostBuilder}.
 *
 * <p>Netty's event loops move bytes: they open what was sealed, hand payload to streams and never
 * block. Handshakes, negotiations and handlers are straight-line code on virtual threads; a Noise
 * writer seals its own frames.
 */
@NullMarked
package dev.kith.libp2p.swarm;

import org.jspecify.annotations.NullMarked;
