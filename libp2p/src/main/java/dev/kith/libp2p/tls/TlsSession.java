package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PublicKey;
import java.util.Optional;

/**
 * A finished handshake.
 *
 * @param remoteKey who the remote has proved to be
 * @param muxer what was agreed on by ALPN; empty where multistream has to decide
 */
public record TlsSession(PublicKey remoteKey, Optional<String> muxer) {}
