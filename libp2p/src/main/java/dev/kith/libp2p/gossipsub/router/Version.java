package dev.kith.libp2p.gossipsub.router;

import java.util.Arrays;
import java.util.Optional;

/** The versions of gossipsub, and what each brought. */
public enum Version {
  /** Mesh and gossip. */
  V1_0("/meshsub/1.0.0"),
  /** Back-off in PRUNE, peer exchange, scores. */
  V1_1("/meshsub/1.1.0"),
  /** IDONTWANT. */
  V1_2("/meshsub/1.2.0");

  private final String protocol;

  Version(String protocol) {
    this.protocol = protocol;
  }

  /** The protocol id. */
  public String protocol() {
    return protocol;
  }

  boolean atLeast(Version other) {
    return compareTo(other) >= 0;
  }

  public static Optional<Version> ofProtocol(String protocol) {
    return Arrays.stream(values()).filter(v -> v.protocol.equals(protocol)).findFirst();
  }
}
