package dev.kith.node.daemon;

import dev.kith.dht.kad.Contact;
import dev.kith.dht.kad.Kademlia;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.ContentRouting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/** Announces and finds groups in the realm's DHT. */
record KadRouting(Kademlia kademlia) implements ContentRouting {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Override
  public void provide(Bytes32 key) throws IOException, InterruptedException {
    kademlia.provide(key, TIMEOUT);
  }

  @Override
  public void withdraw(Bytes32 key) throws IOException {
    kademlia.stopProviding(key);
  }

  @Override
  public List<PeerId> providers(Bytes32 key, int count) throws IOException, InterruptedException {
    return kademlia.findProviders(key, count, TIMEOUT).stream().map(Contact::id).toList();
  }
}
