package dev.kith.dht.blockstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was confirmed stays, however late or badly the index answers. */
@Timeout(60)
class SegmentFaultTest {
  private static final long SEGMENT_BYTES = 4 << 20;

  @TempDir Path folder;

  private FaultyDatastore index;
  private SegmentBlockStore store;

  @BeforeEach
  void open() throws IOException {
    index = new FaultyDatastore(LevelDbDatastore.open(folder.resolve("index")));
    store =
        SegmentBlockStore.open(
            folder,
            index,
            new SegmentBlockStore.Settings(BlockStoreContract.QUOTA, SEGMENT_BYTES, 0),
            InstantSource.system());
  }

  @AfterEach
  void close() throws IOException {
    index.release();
    store.close();
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  private static GroupId group(int number) {
    return BlockStoreContract.group(number);
  }

  private void write(int number) throws IOException, InterruptedException {
    try (GroupWriter writer = store.begin(group(number), 2 << 20)) {
      for (SealedChunk chunk : BlockStoreContract.chunks(10L * number)) {
        writer.append(chunk);
      }
      writer.commit();
    }
  }

  /** Reading checks each chunk against its id. */
  private void assertHeld(int number) throws IOException {
    assertThat(store.group(group(number))).as("group %d", number).isPresent();
    List<ChunkId> ids =
        BlockStoreContract.chunks(10L * number).stream().map(SealedChunk::id).toList();
    assertThat(store.chunks(group(number))).isEqualTo(ids);
    for (ChunkId id : ids) {
      assertThat(store.read(id)).isPresent();
    }
  }

  @Test
  void delete_unlinksNoSegmentThatWasBegunMeanwhile() throws Exception {
    write(1);
    index.arm(FaultyDatastore.Fault.WAITS);
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> delete = () -> store.delete(group(1));
      Future<Boolean> deleted = thread.submit(delete);
      // The dead segment has left the list, and its file is not deleted yet.
      index.awaitMet();
      write(2);
      index.release();
      assertThat(deleted.get()).isTrue();
    }
    assertHeld(2);
    reopen();
    assertHeld(2);
    assertThat(store.group(group(1))).isEmpty();
  }

  @Test
  void commit_thatTheIndexKeptThoughItFailed_staysReadable() throws Exception {
    write(1);
    index.arm(FaultyDatastore.Fault.KEEPS_AND_THROWS);
    assertThatThrownBy(() -> write(2)).hasMessage("the disk says no");
    write(3);
    assertThat(store.usage().reserved()).isZero();
    reopen();
    assertHeld(1);
    assertHeld(2);
    assertHeld(3);
  }

  @Test
  void commit_ofTheFirstGroupOfASegment_staysReadableLikewise() throws Exception {
    index.arm(FaultyDatastore.Fault.KEEPS_AND_THROWS);
    assertThatThrownBy(() -> write(1)).hasMessage("the disk says no");
    write(2);
    reopen();
    assertHeld(1);
    assertHeld(2);
  }

  @Test
  void compaction_thatTheIndexKeptThoughItFailed_losesNothing() throws Exception {
    for (int i = 1; i <= 5; i++) {
      write(i);
    }
    index.arm(FaultyDatastore.Fault.KEEPS_AND_THROWS);
    // Two thirds of the first segment die: the third group is copied to the second segment.
    store.delete(group(1));
    store.delete(group(2));
    index.awaitMet();
    write(6);
    reopen();
    for (int alive : new int[] {3, 4, 5, 6}) {
      assertHeld(alive);
    }
  }
}
