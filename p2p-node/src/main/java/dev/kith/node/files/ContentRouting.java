package dev.kith.node.files;

import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What files ask of the DHT. Keys are ids of groups. Thread-safe; every method blocks, for seconds
 * at most.
 */
public interface ContentRouting {
  /** Routing of a peer that is alone: it finds nothing. */
  ContentRouting NONE =
      new ContentRouting() {
        @Override
        public void provide(Bytes32 key) {}

        @Override
        public void withdraw(Bytes32 key) {}

        @Override
        public List<PeerId> providers(Bytes32 key, int count) {
          return List.of();
        }
      };

  /** Announces that this peer has what the key names, now and again until it is withdrawn. */
  void provide(Bytes32 key) throws IOException, InterruptedException;

  /** Announces it no longer. */
  void withdraw(Bytes32 key) throws IOException, InterruptedException;

  /**
   * Peers that announced that they have what the key names, at most {@code count}; where they are
   * is in the host's address book then.
   */
  List<PeerId> providers(Bytes32 key, int count) throws IOException, InterruptedException;
}
