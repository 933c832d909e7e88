package dev.kith.ledger.replica;

import org.apache.tuweni.bytes.Bytes32;

/** The ledger's protocol ids in a realm. */
record Protocols(String mesh, String follow, String submit) {
  static Protocols of(Bytes32 realmId) {
    String realm = "/kith/" + realmId.slice(0, 8).toUnprefixedHexString();
    return new Protocols(
        realm + "/ledger/ks/1", realm + "/ledger/follow/1", realm + "/ledger/submit/1");
  }
}
