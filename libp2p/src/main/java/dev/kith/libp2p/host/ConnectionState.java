package dev.kith.libp2p.host;

/**
 * What a connection is made of, by the names that multistream and multiaddr have for it.
 *
 * @param transport such as {@code tcp}
 * @param security such as {@code /noise}; empty where the transport needs none
 * @param muxer such as {@code /yamux/1.0.0}; empty where the transport has streams of its own
 * @param earlyMuxer whether the muxer was agreed on within the security handshake
 */
public record ConnectionState(
    String transport, String security, String muxer, boolean earlyMuxer) {}
