package dev.kith.node.files;

import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/** What files ask of the DHT. Thread-safe; every method blocks, for seconds at most. */
public interface ContentRouting {
  /** Routing of a peer that is alone: it finds nothing. */
  ContentRouting NONE =
      new ContentRouting() {
        @Override
        public List<PeerId> closest(Bytes32 key, int count) {
          return List.of();
        }

        @Override
        public void provide(Bytes32 key) {}

        @Override
        public List<PeerId> providers(Bytes32 key, int count) {
          return List.of();
        }
      };

  /** The peers whose ids are nearest to a key, nearest first, at most {@code count}. */
  List<PeerId> closest(Bytes32 key, int count) throws IOException, InterruptedException;

  /** Announces that this peer has what the key names. */
  void provide(Bytes32 key) throws IOException, InterruptedException;

  /** Peers that announced that they have what the key names, at most {@code count}. */
  List<PeerId> providers(Bytes32 key, int count) throws IOException, InterruptedException;
}
