package dev.kith.dht.blockstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.dht.chunk.TestData;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentBlockStoreTest extends BlockStoreContract {
  private static final long SEGMENT_BYTES = 4 << 20;

  @TempDir Path folder;

  @Override
  BlockStore open() throws IOException {
    return open(folder, SEGMENT_BYTES);
  }

  static BlockStore open(Path folder, long segmentBytes) throws IOException {
    return SegmentBlockStore.open(
        folder,
        LevelDbDatastore.open(folder.resolve("index")),
        new SegmentBlockStore.Settings(QUOTA, segmentBytes, 0),
        InstantSource.system());
  }

  private void reopen() throws IOException {
    store.close();
    store = open();
  }

  @Test
  void open_findsEverythingAgain() throws Exception {
    for (int i = 0; i < 8; i++) {
      write(group(i), chunks(10L * i));
    }
    StoreUsage before = store.usage();
    reopen();
    for (int i = 0; i < 8; i++) {
      assertHeld(group(i), chunks(10L * i));
    }
    assertThat(store.usage()).isEqualTo(before);
    assertThat(segmentFiles()).hasSizeGreaterThan(1);
    write(group(9), chunks(90));
    assertHeld(group(9), chunks(90));
  }

  @Test
  void open_cutsATornTail() throws Exception {
    write(group(1), chunks(1));
    store.close();
    Path segment = segmentFiles().getFirst();
    long confirmed = Files.size(segment);
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(confirmed);
      file.write(TestData.random(1, 123_457));
    }
    store = open();
    assertThat(Files.size(segment)).isEqualTo(confirmed);
    assertHeld(group(1), chunks(1));
    write(group(2), chunks(20));
    reopen();
    assertHeld(group(1), chunks(1));
    assertHeld(group(2), chunks(20));
  }

  @Test
  void open_deletesASegmentThatHoldsNothingConfirmed() throws Exception {
    store.close();
    Path stray = folder.resolve("segments/0000000007.seg");
    Files.write(stray, TestData.random(1, 10_000));
    store = open();
    assertThat(stray).doesNotExist();
  }

  @Test
  void open_dropsOnlyWhatADamagedSegmentHeld() throws Exception {
    write(group(1), chunks(1));
    write(group(2), chunks(20));
    store.close();
    Path segment = segmentFiles().getFirst();
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.setLength(Files.size(segment) - SegmentFormat.BLOCK);
    }
    store = open();
    assertHeld(group(1), chunks(1));
    assertThat(store.group(group(2))).isEmpty();
    write(group(2), chunks(20));
    assertHeld(group(2), chunks(20));
  }

  @Test
  void open_rebuildsALostIndex() throws Exception {
    for (int i = 0; i < 8; i++) {
      write(group(i), chunks(10L * i));
    }
    StoreUsage before = store.usage();
    store.close();
    deleteRecursively(folder.resolve("index"));
    store = open();
    for (int i = 0; i < 8; i++) {
      assertHeld(group(i), chunks(10L * i));
    }
    assertThat(store.usage()).isEqualTo(before);
  }

  @Test
  void open_refusesAnotherFormat() throws Exception {
    store.close();
    for (String other : List.of("kith-blockstore 2\n", "kith-blockstore 0\n", "\u00ff\u0000")) {
      Files.writeString(folder.resolve("format"), other);
      LevelDbDatastore index = LevelDbDatastore.open(folder.resolve("index"));
      assertThatThrownBy(
              () ->
                  SegmentBlockStore.open(
                      folder,
                      index,
                      SegmentBlockStore.Settings.withQuota(1),
                      InstantSource.system()))
          .isInstanceOf(StoreFormatException.class)
          .hasMessageContaining("format 1");
      index.close();
    }
    Files.writeString(folder.resolve("format"), "kith-blockstore 1\n");
    store = open();
  }

  @Test
  void read_noticesBitsThatRot() throws Exception {
    SealedChunk chunk = chunk(1, 300_000);
    write(group(1), List.of(chunk));
    Path segment = segmentFiles().getFirst();
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(200_000);
      int was = file.read();
      file.seek(200_000);
      file.write(was ^ 4);
    }
    assertThatThrownBy(() -> store.read(chunk.id())).isInstanceOf(DamagedChunkException.class);
  }

  @Test
  void delete_removesADeadSegmentsFile() throws Exception {
    List<SealedChunk> chunks = List.of(chunk(1, Frames.CHUNK_SEALED_BYTES_MAX));
    write(group(1), chunks);
    Path segment = segmentFiles().getFirst();
    store.delete(group(1));
    assertThat(segment).doesNotExist();
    assertThat(store.usage()).isEqualTo(new StoreUsage(QUOTA, 0, 0, 0));
    reopen();
    assertThat(store.group(group(1))).isEmpty();
  }

  @Test
  void delete_makesAMostlyDeadSegmentBeCompacted() throws Exception {
    List<SealedChunk> kept = chunks(1);
    for (int i = 0; i < 3; i++) {
      write(group(i), i == 1 ? kept : chunks(10L * (i + 1)));
    }
    Path segment = segmentFiles().getFirst();
    store.delete(group(0));
    store.delete(group(2));
    Awaitility.await().until(() -> Files.notExists(segment));
    assertHeld(group(1), kept);
    assertThat(store.usage().dead()).isZero();
    reopen();
    assertHeld(group(1), kept);
    assertThat(segmentFiles()).hasSize(1);
  }

  @Test
  void store_survivesAnyOrderOfWritesDeletesAndReopenings() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Map<GroupId, List<SealedChunk>> model = new HashMap<>();
    try {
      for (int step = 0; step < 60; step++) {
        int action = random.nextInt(10);
        GroupId group = group(random.nextInt(12));
        if (action == 0) {
          reopen();
        } else if (model.remove(group) != null) {
          assertThat(store.delete(group)).isTrue();
        } else {
          List<SealedChunk> chunks = new ArrayList<>();
          for (int i = random.nextInt(4); i >= 0; i--) {
            chunks.add(chunk(random.nextLong(), random.nextInt(17, 60_000)));
          }
          if (action == 1) {
            try (GroupWriter abandoned = store.begin(group, 1000)) {
              abandoned.append(chunks.getFirst());
            }
          } else {
            write(group, chunks);
            model.put(group, chunks);
          }
        }
      }
      reopen();
      for (Map.Entry<GroupId, List<SealedChunk>> entry : model.entrySet()) {
        assertHeld(entry.getKey(), entry.getValue());
      }
      List<GroupId> all = new ArrayList<>();
      store.forEachGroup(g -> all.add(g.group()));
      assertThat(all).containsExactlyInAnyOrderElementsOf(model.keySet());
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private List<Path> segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("segments"))) {
      return files.sorted().toList();
    }
  }

  private static void deleteRecursively(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
