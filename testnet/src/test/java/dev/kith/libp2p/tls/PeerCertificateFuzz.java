package dev.kith.libp2p.tls;

import dev.kith.libp2p.ProtocolViolationException;
import java.time.Instant;

/** A certificate proves a key or is refused. */
public final class PeerCertificateFuzz {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private PeerCertificateFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      var _ = PeerCertificate.verify(data, NOW).peerId();
    } catch (ProtocolViolationException e) {
      // most bytes are no certificate
    }
  }
}
