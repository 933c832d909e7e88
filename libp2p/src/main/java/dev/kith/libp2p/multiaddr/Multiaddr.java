package dev.kith.libp2p.multiaddr;

/** A self-describing network address. */
public record Multiaddr(String text) {}
