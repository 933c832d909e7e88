/**
 * QUIC version 1 (libp2p/specs quic), {@code /ip4/.../udp/.../quic-v1}: TLS 1.3 with libp2p's
 * certificates, streams of its own and no muxer. Netty's codec, which is quiche, does the protocol;
 * here are its sockets, what bounds it, and its streams as blocking ones. Start at {@link
 * dev.kith.libp2p.quic.QuicTransport}.
 *
 * <p>All of a socket's connections live on the socket's event loop. Certificates are checked there
 * too: checked elsewhere, the check could outlive the native connection that it is for.
 */
@NullMarked
package dev.kith.libp2p.quic;

import org.jspecify.annotations.NullMarked;
