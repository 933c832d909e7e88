package dev.kith.testnet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LoopbackAddressesTest {
  @Test
  void of_givesEachPeerAnAddressOfItsOwn() throws Exception {
    LoopbackAddresses addresses = new LoopbackAddresses(new SplittableRandom(1));
    Set<InetSocketAddress> given = new HashSet<>();
    for (int peer = 1; peer <= 20; peer++) {
      InetSocketAddress address = addresses.of(peer);
      assertThat(address.getAddress().isLoopbackAddress()).isTrue();
      assertThat(address.getPort()).isBetween(20_000, 29_999);
      given.add(address);
      if (addresses.distinct()) {
        assertThat(address.getAddress().getHostAddress()).isEqualTo("127.0." + peer + ".1");
      }
    }
    assertThat(given).hasSize(20);
  }
}
