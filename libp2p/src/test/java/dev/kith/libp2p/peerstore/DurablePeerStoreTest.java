package dev.kith.libp2p.peerstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.PeerStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On LevelDB, over restarts. */
class DurablePeerStoreTest extends PeerStoreContractTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;
  private DurablePeerStore last = DurablePeerStore.open(Path.of("/dev/null/none"), () -> now);

  @Override
  PeerStore open() throws IOException {
    last = DurablePeerStore.open(LevelDbDatastore.open(folder), () -> now, 16);
    return last;
  }

  @Override
  PeerStore reopen(PeerStore store) throws IOException {
    last.close();
    return open();
  }

  @AfterEach
  void closeLast() throws IOException {
    last.close();
  }

  @Test
  void whatWasWritten_survivesAProcessThatDoesNotClose() throws IOException {
    last.add(peer(1), List.of(address(1)), HOUR);
    last.write();
    last.add(peer(2), List.of(address(2)), HOUR);
    Path copy = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-killed"));
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    try (DurablePeerStore after = DurablePeerStore.open(copy, () -> now)) {
      assertThat(after.addresses(peer(1))).containsExactly(address(1));
    }
  }

  @Test
  void damagedEntries_areDroppedAndTheOthersKept() throws IOException {
    last.add(peer(1), List.of(address(1)), HOUR);
    last.add(peer(2), List.of(address(2)), HOUR);
    last.close();
    byte[] prefix = "peerstore/1/".getBytes(StandardCharsets.US_ASCII);
    try (Datastore raw = LevelDbDatastore.open(folder)) {
      byte[] key = Bytes.concatenate(Bytes.wrap(prefix), peer(1).multihash()).toArray();
      byte[] value = raw.get(key);
      assertThat(value).isNotNull();
      Datastore.Batch batch = new Datastore.Batch();
      for (int cut = 0; cut < 20; cut++) {
        byte[] other = Bytes.concatenate(Bytes.wrap(key), Bytes.of(cut)).toArray();
        batch.put(other, new byte[cut]);
      }
      byte[] flipped = value == null ? new byte[0] : value.clone();
      flipped[flipped.length / 2] ^= 1;
      raw.write(batch.put(key, flipped), true);
    }
    open();
    assertThat(last.peers()).containsExactly(peer(2));
    last.close();
    try (Datastore raw = LevelDbDatastore.open(folder)) {
      raw.scan(
          prefix,
          (key, _) -> {
            assertThat(key)
                .isEqualTo(Bytes.concatenate(Bytes.wrap(prefix), peer(2).multihash()).toArray());
            return true;
          });
    }
    open();
  }

  @Test
  void damagedFolder_isBegunAnew() throws IOException {
    last.add(peer(1), List.of(address(1)), HOUR);
    last.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    last = DurablePeerStore.open(folder, () -> now);
    assertThat(last.peers()).isEmpty();
    last.add(peer(2), List.of(address(2)), HOUR);
    last.close();
    last = DurablePeerStore.open(folder, () -> now);
    assertThat(last.addresses(peer(2))).containsExactly(address(2));
  }

  @Test
  void folderThatCannotBe_leavesAStoreThatForgets() throws IOException {
    try (DurablePeerStore forgetful = DurablePeerStore.open(Path.of("/dev/null/none"), () -> now)) {
      forgetful.add(peer(1), List.of(address(1)), HOUR);
      assertThat(forgetful.addresses(peer(1))).containsExactly(address(1));
    }
  }
}
