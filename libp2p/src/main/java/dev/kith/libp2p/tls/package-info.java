/**
 * The secure channel TLS 1.3 (libp2p/specs tls), {@code /tls/1.0.0}: a self-signed certificate with
 * the identity key and its signature in an extension, checked by {@link
 * dev.kith.libp2p.tls.PeerCertificate} alone. Start at {@link dev.kith.libp2p.tls.TlsContext},
 * which makes engines; records and sockets are the host's.
 */
@NullMarked
package dev.kith.libp2p.tls;

import org.jspecify.annotations.NullMarked;
