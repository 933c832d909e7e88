package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/** Made-up peers and keys. */
final class Fixtures {
  private Fixtures() {}

  static Bytes key(RandomGenerator random) {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return Bytes.concatenate(Bytes.of(0x12, 0x20), Bytes.wrap(digest));
  }

  static Contact contact(RandomGenerator random) {
    Bytes id = key(random);
    String ip = "10." + (id.get(2) & 0xff) + "." + (id.get(3) & 0xff) + "." + (id.get(4) & 0xff);
    return new Contact(PeerId.fromBytes(id), List.of(Multiaddr.parse("/ip4/" + ip + "/tcp/4001")));
  }

  /** Peers whose place shares exactly {@code prefix} bits with that of {@code self}. */
  static Stream<Contact> inBucket(PeerId self, int prefix, RandomGenerator random) {
    KeyHash home = KeyHash.of(self);
    return Stream.generate(() -> contact(random))
        .filter(c -> KeyHash.of(c.id()).commonPrefixLength(home) == prefix);
  }
}
