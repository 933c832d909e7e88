package dev.kith.node.daemon;

import dev.kith.node.files.OwnerSecrets;
import dev.kith.node.realm.OwnerRoot;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What this device knows of its owner. */
record NodeSecrets(Bytes owner, OwnerRoot root) implements OwnerSecrets {
  @Override
  public Bytes32 convergenceSecret() {
    return root.convergenceSecret();
  }

  @Override
  public Bytes32 namespaceKey() {
    return root.namespaceKey();
  }
}
