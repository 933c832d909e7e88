package dev.kith.libp2p.example;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.swarm.HostBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** Pings a libp2p peer, whatever it is written in: {@code /ip4/1.2.3.4/tcp/4001/p2p/12D3Koo...}. */
public final class PingAPeer {
  private PingAPeer() {}

  public static void main(String[] args) throws Exception {
    Multiaddr address = Multiaddr.parse(args[0]);
    PeerId peer = address.peer().orElseThrow();
    Duration timeout = Duration.ofSeconds(10);

    // A host with a new identity. It listens nowhere, so it only dials.
    var key = Keys.generate(KeyType.ED25519, new SecureRandom());
    try (Host host = new HostBuilder(key).start()) {
      Connection connection = host.connect(peer, List.of(address), timeout);
      System.out.println("connected " + connection + " by " + connection.state());

      try (Ping ping = Ping.open(host, peer, timeout)) {
        for (int i = 0; i < 3; i++) {
          System.out.println("round trip " + ping.ping(timeout).toNanos() / 1_000 + " us");
        }
      }
    }
  }
}
