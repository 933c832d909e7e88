package dev.kith.testnet.interop;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kith and go-libp2p. */
class GoInteropTest extends InteropContract {
  GoInteropTest() {
    super(new GoPeers(TESTNET));
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void kith_answersAfterManyDials(Channel channel) throws Exception {
    kithAnswersAfterManyDials(channel);
  }
}
