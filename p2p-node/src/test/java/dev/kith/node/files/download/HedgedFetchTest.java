package dev.kith.node.files.download;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.dht.blockstore.MemoryBlockStore;
import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.Ledger;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.mesh.Holders;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.mesh.PeerHealth;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HedgedFetchTest {
  /** Each of its methods ends with a bug. */
  private static <T> T broken(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              throw new IllegalStateException(method.getName());
            }));
  }

  @Test
  @Timeout(30)
  void from_endsWhenEveryAttemptEndsWithABug() throws Exception {
    Mesh mesh =
        new Mesh(
            broken(Host.class),
            broken(Ledger.class),
            new MemoryBlockStore(0, java.time.InstantSource.system()),
            new ChunkBuffers(0),
            new PeerHealth());
    Holders holders = new Holders(mesh, (_, _) -> List.of());
    ChunkFetcher fetcher = new ChunkFetcher(mesh, holders, Bytes.repeat((byte) 2, 33));
    ChunkFetcher.Wanted wanted =
        new ChunkFetcher.Wanted(
            new ChunkId(Bytes32.repeat((byte) 1)), new GroupId(Bytes32.ZERO), 100, 0, 1);
    HedgedFetch fetch = new HedgedFetch(fetcher, mesh, wanted);
    PeerId one = Keys.secp256k1FromSeed(1).publicKey().peerId();
    PeerId two = Keys.secp256k1FromSeed(2).publicKey().peerId();
    assertThat(fetch.from(List.of(one, two))).isEmpty();
    assertThat(fetch.from(List.of(two))).as("announced as well").isEmpty();
    assertThat(fetch.failures()).contains(one.toString(), two.toString());
    assertThat(fetch.holdersTried()).isEqualTo(2);
  }
}
