package dev.kith.node.daemon;

import org.apache.tuweni.bytes.Bytes32;

/** Names within a realm. */
final class Realms {
  private Realms() {}

  /** Protocol ids carry the realm, so that peers of two realms have no protocol in common. */
  static String protocol(Bytes32 realmId, String name) {
    return "/kith/" + realmId.slice(0, 8).toUnprefixedHexString() + "/" + name;
  }
}
