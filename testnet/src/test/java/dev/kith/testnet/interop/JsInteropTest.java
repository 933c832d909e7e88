package dev.kith.testnet.interop;

/** Kith and js-libp2p. */
class JsInteropTest extends InteropContract {
  JsInteropTest() {
    super(new JsPeers(TESTNET));
  }
}
