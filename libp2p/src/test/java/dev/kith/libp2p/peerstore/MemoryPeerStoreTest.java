package dev.kith.libp2p.peerstore;

import dev.kith.libp2p.host.PeerStore;

class MemoryPeerStoreTest extends PeerStoreContractTest {
  @Override
  PeerStore open() {
    return new MemoryPeerStore(() -> now, 16, false);
  }

  @Override
  PeerStore reopen(PeerStore store) {
    return store;
  }
}
