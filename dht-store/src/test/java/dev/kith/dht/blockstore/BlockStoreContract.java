package dev.kith.dht.blockstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.dht.chunk.TestData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link BlockStore} does. */
abstract class BlockStoreContract {
  static final long QUOTA = 64L << 20;

  BlockStore store;

  abstract BlockStore open() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  static GroupId group(int number) {
    return GroupId.of(Bytes.repeat((byte) 2, 33), Bytes.repeat((byte) 1, 16), number);
  }

  static SealedChunk chunk(long seed, int length) {
    return SealedChunk.of(TestData.random(seed, length), length);
  }

  static List<SealedChunk> chunks(long seed) {
    return List.of(
        chunk(seed, 17),
        chunk(seed + 1, 3 * Frames.SEALED_BYTES),
        chunk(seed + 2, 1_200_000),
        chunk(seed + 3, 5000));
  }

  StoredGroup write(GroupId group, List<SealedChunk> chunks)
      throws IOException, InterruptedException {
    try (GroupWriter writer = store.begin(group, 2 << 20)) {
      for (SealedChunk chunk : chunks) {
        writer.append(chunk);
      }
      return writer.commit();
    }
  }

  void assertHeld(GroupId group, List<SealedChunk> chunks) throws IOException {
    assertThat(store.group(group)).isPresent();
    assertThat(store.chunks(group)).isEqualTo(chunks.stream().map(SealedChunk::id).toList());
    for (SealedChunk chunk : chunks) {
      SealedChunk read = store.read(chunk.id()).orElseThrow();
      assertThat(Bytes.wrap(read.data(), 0, read.length()))
          .isEqualTo(Bytes.wrap(chunk.data(), 0, chunk.length()));
    }
  }

  @Test
  void commit_makesTheGroupReadable() throws Exception {
    List<SealedChunk> chunks = chunks(1);
    StoredGroup stored = write(group(1), chunks);
    assertHeld(group(1), chunks);
    assertThat(stored).isEqualTo(store.group(group(1)).orElseThrow());
    assertThat(stored.chunks()).isEqualTo(4);
    assertThat(stored.bytes()).isEqualTo(chunks.stream().mapToLong(SealedChunk::length).sum());
    assertThat(stored.root())
        .isEqualTo(MerkleTree.rootOver(chunks.stream().map(c -> c.id().hash()).toList()));
  }

  @Test
  void open_readsRangesAndLeavesThatProveThem() throws Exception {
    SealedChunk chunk = chunk(5, 4 * Frames.SEALED_BYTES + 100);
    write(group(1), List.of(chunk));
    try (StoredChunk stored = store.open(chunk.id()).orElseThrow()) {
      byte[] frame = new byte[Frames.SEALED_BYTES];
      stored.read(2 * Frames.SEALED_BYTES, frame, 0, frame.length);
      assertThat(frame)
          .isEqualTo(
              Arrays.copyOfRange(chunk.data(), 2 * Frames.SEALED_BYTES, 3 * Frames.SEALED_BYTES));
      byte[] leaf = Arrays.copyOfRange(stored.leaves(), 64, 96);
      List<Bytes32> path = MerkleTree.path(stored.leaves(), 2, 1);
      assertThat(MerkleTree.rootOf(leaf, 2, 5, path)).isEqualTo(chunk.id().hash());
    }
  }

  @Test
  void close_withoutCommitLeavesNothing() throws Exception {
    SealedChunk chunk = chunk(1, 100_000);
    try (GroupWriter writer = store.begin(group(1), 1 << 20)) {
      writer.append(chunk);
      assertThat(store.open(chunk.id())).isEmpty();
    }
    assertThat(store.group(group(1))).isEmpty();
    assertThat(store.open(chunk.id())).isEmpty();
    assertThat(store.usage().reserved()).isZero();
    write(group(1), List.of(chunk));
    assertHeld(group(1), List.of(chunk));
  }

  @Test
  void commit_takesAnEmptyGroup() throws Exception {
    assertThat(write(group(1), List.of()).root()).isEqualTo(Bytes32.ZERO);
    assertHeld(group(1), List.of());
  }

  @Test
  void read_givesBackWhatWasAppendedBeforeTheCommit() throws Exception {
    List<SealedChunk> chunks = new ArrayList<>(chunks(1));
    chunks.addAll(chunks(10));
    chunks.add(chunk(20, Frames.CHUNK_SEALED_BYTES_MAX));
    chunks.addAll(chunks(30));
    byte[] target = new byte[Frames.CHUNK_SEALED_BYTES_MAX];
    try (GroupWriter writer = store.begin(group(1), 8 << 20)) {
      for (SealedChunk chunk : chunks) {
        writer.append(chunk);
        for (int i = 0; i < writer.chunks(); i++) {
          int length = writer.read(i, target);
          assertThat(length).isEqualTo(writer.length(i));
          assertThat(SealedChunk.of(target, length).id()).isEqualTo(chunks.get(i).id());
        }
      }
      writer.commit();
      for (int i = 0; i < writer.chunks(); i++) {
        assertThat(SealedChunk.of(target, writer.read(i, target)).id())
            .isEqualTo(chunks.get(i).id());
      }
    }
    assertHeld(group(1), chunks);
  }

  @Test
  void begin_refusesAGroupThatIsThereOrBeingWritten() throws Exception {
    write(group(1), chunks(1));
    assertThatThrownBy(() -> store.begin(group(1), 1)).isInstanceOf(IllegalStateException.class);
    try (GroupWriter writer = store.begin(group(2), 1)) {
      assertThatThrownBy(() -> store.begin(group(2), 1)).isInstanceOf(IllegalStateException.class);
      assertThat(writer.chunks()).isZero();
    }
  }

  @Test
  void begin_takesSeveralGroupsAtOnce() throws Exception {
    try (GroupWriter one = store.begin(group(1), 1 << 20);
        GroupWriter two = store.begin(group(2), 1 << 20)) {
      for (int i = 0; i < 4; i++) {
        one.append(chunks(1).get(i));
        two.append(chunks(10).get(i));
      }
      two.commit();
      one.commit();
    }
    assertHeld(group(1), chunks(1));
    assertHeld(group(2), chunks(10));
  }

  @Test
  void delete_forgetsTheGroupAndKeepsChunksThatAnotherHolds() throws Exception {
    write(group(1), chunks(1));
    List<SealedChunk> overlapping = List.of(chunks(1).get(1), chunk(50, 1000));
    write(group(2), overlapping);
    assertThat(store.delete(group(1))).isTrue();
    assertThat(store.delete(group(1))).isFalse();
    assertThat(store.group(group(1))).isEmpty();
    assertThat(store.open(chunks(1).get(0).id())).isEmpty();
    assertHeld(group(2), overlapping);
  }

  @Test
  void delete_leavesOpenChunksReadable() throws Exception {
    SealedChunk chunk = chunk(1, 200_000);
    write(group(1), List.of(chunk));
    try (StoredChunk open = store.open(chunk.id()).orElseThrow()) {
      store.delete(group(1));
      byte[] data = new byte[chunk.length()];
      open.read(0, data, 0, data.length);
      assertThat(data).isEqualTo(Arrays.copyOf(chunk.data(), chunk.length()));
    }
  }

  @Test
  void begin_refusesWhatTheQuotaHasNoRoomFor() throws Exception {
    assertThatThrownBy(() -> store.begin(group(1), QUOTA + 1))
        .isInstanceOfSatisfying(
            StoreFullException.class,
            e -> assertThat(e.limit()).isEqualTo(StoreFullException.Limit.QUOTA));
    try (GroupWriter writer = store.begin(group(1), QUOTA - (1 << 20))) {
      assertThatThrownBy(() -> store.begin(group(2), 2 << 20))
          .isInstanceOf(StoreFullException.class);
      assertThat(writer.chunks()).isZero();
    }
    write(group(2), chunks(1));
  }

  @Test
  void append_refusesWhatOutgrowsTheQuotaAndLosesNothingElse() throws Exception {
    write(group(1), chunks(1));
    SealedChunk large = chunk(9, Frames.CHUNK_SEALED_BYTES_MAX);
    try (GroupWriter writer = store.begin(group(2), 0)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  writer.append(large);
                }
              })
          .isInstanceOf(StoreFullException.class);
    }
    assertHeld(group(1), chunks(1));
    assertThat(store.usage().reserved()).isZero();
    write(group(3), chunks(20));
  }

  @Test
  void delete_makesRoomForMore() throws Exception {
    SealedChunk large = chunk(9, Frames.CHUNK_SEALED_BYTES_MAX);
    for (int round = 0; round < 40; round++) {
      write(group(round), List.of(large, large));
      if (round >= 4) {
        store.delete(group(round - 4));
      }
    }
    assertHeld(group(39), List.of(large, large));
    assertThat(store.usage().free()).isBetween(QUOTA / 4, QUOTA);
  }

  @Test
  void forEachGroup_visitsAllUntilTold() throws Exception {
    write(group(1), chunks(1));
    write(group(2), chunks(1));
    List<GroupId> all = new ArrayList<>();
    store.forEachGroup(g -> all.add(g.group()));
    assertThat(all).containsExactlyInAnyOrder(group(1), group(2));
    List<GroupId> one = new ArrayList<>();
    store.forEachGroup(
        g -> {
          one.add(g.group());
          return false;
        });
    assertThat(one).hasSize(1);
  }

  @Test
  void open_findsNothingForAnUnknownId() throws Exception {
    assertThat(store.open(new ChunkId(Bytes32.ZERO))).isEmpty();
    assertThat(store.chunks(group(9))).isEmpty();
  }
}
