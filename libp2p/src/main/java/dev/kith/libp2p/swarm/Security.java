package dev.kith.libp2p.swarm;

import dev.kith.libp2p.noise.NoiseSession;
import dev.kith.libp2p.tls.TlsContext;

/** The secure channels that a host speaks over TCP. */
public enum Security {
  TLS(TlsContext.PROTOCOL),
  NOISE(NoiseSession.PROTOCOL);

  private final String protocol;

  Security(String protocol) {
    this.protocol = protocol;
  }

  /** Its name in multistream-select. */
  public String protocol() {
    return protocol;
  }
}
