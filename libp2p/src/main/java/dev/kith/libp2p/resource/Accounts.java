package dev.kith.libp2p.resource;

/** The memory of one scope by its purpose. */
record Accounts(MemoryAccount received, MemoryAccount growth, MemoryAccount sending) {
  static Accounts ofSystem(MemoryLimits limits) {
    return new Accounts(
        new MemoryAccount(limits.received()),
        new MemoryAccount(limits.growth()),
        new MemoryAccount(limits.sending()));
  }

  Accounts ofPeer(MemoryLimits limits) {
    return new Accounts(
        received.child(limits.receivedPerPeer()),
        growth.child(limits.growthPerPeer()),
        sending.child(limits.sendingPerPeer()));
  }
}
