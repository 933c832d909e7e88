package dev.kith.testnet.interop;

import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;

/** What a connection between two implementations is made of. */
enum Channel {
  NOISE("Noise", "noise", "tcp", "/ip4/127.0.0.1/tcp/0"),
  TLS("TLS", "tls", "tcp", "/ip4/127.0.0.1/tcp/0"),
  QUIC("QUIC", "tls", "quic", "/ip4/127.0.0.1/udp/0/quic-v1");

  private final String title;
  private final String security;
  private final String transport;
  private final String listen;

  Channel(String title, String security, String transport, String listen) {
    this.title = title;
    this.security = security;
    this.transport = transport;
    this.listen = listen;
  }

  String title() {
    return title;
  }

  /** Where Kith listens. */
  Multiaddr listen() {
    return Multiaddr.parse(listen);
  }

  /** What the other side is told. */
  List<String> options() {
    return List.of("--transport", transport, "--security", security);
  }

  /** What Kith says that its connection is made of. */
  ConnectionState state() {
    return switch (this) {
      case NOISE -> new ConnectionState("tcp", "/noise", "/yamux/1.0.0", true);
      case TLS -> new ConnectionState("tcp", "/tls/1.0.0", "/yamux/1.0.0", true);
      case QUIC -> new ConnectionState("quic-v1", "", "", false);
    };
  }
}
