package dev.kith.testnet.interop;

/** Kith and go-libp2p. */
class GoInteropTest extends InteropContract {
  GoInteropTest() {
    super(new GoPeers(TESTNET));
  }
}
