package dev.kith.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.ledger.GroupRow;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService.PutOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes32;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEngineTest {
  @TempDir Path folder;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ("the quick brown fox ".charAt(i % 20) + (i >> 20));
    }
    return bytes;
  }

  private static PutSession.PutSummary put(TestMesh.Peer peer, String path, byte[] content)
      throws IOException, InterruptedException {
    try (PutSession session = peer.files.put(PutOptions.DEFAULT)) {
      session.add(path, new ByteArrayInputStream(content), 1234);
      return session.commit();
    }
  }

  private static byte[] get(TestMesh.Peer peer, String path)
      throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FileService.OpenFile file = peer.files.open(path)) {
      file.transferTo(out, 0, file.entry().size());
    }
    return out.toByteArray();
  }

  private static void assertSame(byte[] got, byte[] wanted) {
    assertThat(got.length).isEqualTo(wanted.length);
    assertThat(Arrays.mismatch(got, wanted)).isEqualTo(-1);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertProblem(
      Problem problem, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NodeException.class, e -> assertThat(e.problem()).as(e.toString()).isEqualTo(problem));
  }

  @Test
  void get_givesBackWhatAnotherPeerPut() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("/empty", new byte[0]);
    files.put("/one", new byte[] {42});
    files.put("/a/small", noise(70_000));
    files.put("/a/b/text", text(3 << 20));
    files.put("/a/b/large", noise(20 << 20));
    try (TestMesh mesh = TestMesh.of(folder, 5)) {
      PutSession.PutSummary summary;
      try (PutSession session = mesh.peer(1).files.put(PutOptions.DEFAULT)) {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          PutSession.FileSummary added =
              session.add(file.getKey(), new ByteArrayInputStream(file.getValue()), 99);
          assertThat(added.size()).isEqualTo(file.getValue().length);
          assertThat(added.sha256())
              .isEqualTo(
                  Bytes32.wrap(MessageDigest.getInstance("SHA-256").digest(file.getValue())));
        }
        summary = session.commit();
        assertThat(session.confirmedBytes()).isPositive();
      }
      assertThat(summary.files()).isEqualTo(5);
      assertThat(summary.copiesLeast()).isEqualTo(3);
      assertThat(summary.bytes()).isEqualTo(files.values().stream().mapToLong(f -> f.length).sum());
      assertThat(summary.storedBytes()).isBetween(20L << 20, 21L << 20);
      for (int peer : new int[] {0, 4}) {
        mesh.sync(1, peer);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          assertSame(get(mesh.peer(peer), file.getKey()), file.getValue());
        }
      }
      assertThat(TestMesh.list(mesh.peer(4).files, "/", true).stream().map(FileEntry::path))
          .containsExactly("/a", "/a/b", "/a/b/large", "/a/b/text", "/a/small", "/empty", "/one");
      assertThat(TestMesh.list(mesh.peer(4).files, "/a", false).stream().map(FileEntry::path))
          .containsExactly("/a/b", "/a/small");
      FileStat stat = mesh.peer(4).files.stat("/a/b/large");
      assertThat(stat.entry().modifiedMillis()).isEqualTo(99);
      assertThat(stat.chunks()).isBetween(10, 40);
      assertThat(stat.groups()).isNotEmpty();
      for (FileStat.GroupStat group : stat.groups()) {
        assertThat(new HashSet<>(group.holders())).hasSize(3).contains(mesh.peer(1).id());
        assertThat(group.wanted()).isEqualTo(3);
      }
    }
  }

  @Test
  void transferTo_readsAnyRange() throws Exception {
    byte[] large = noise(9 << 20);
    byte[] packed = text(5 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/large", large);
      put(mesh.peer(0), "/packed", packed);
      mesh.sync(0, 3);
      for (Map.Entry<String, byte[]> file : Map.of("/large", large, "/packed", packed).entrySet()) {
        byte[] all = file.getValue();
        try (FileService.OpenFile open = mesh.peer(3).files.open(file.getKey())) {
          for (int i = 0; i < 30; i++) {
            int from = random.nextInt(all.length);
            int length =
                random.nextInt(Math.min(all.length - from, i < 20 ? 100_000 : 1 << 30) + 1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            open.transferTo(out, from, length);
            assertThat(
                    Arrays.equals(out.toByteArray(), Arrays.copyOfRange(all, from, from + length)))
                .as("seed %d: %d + %d", seed, from, length)
                .isTrue();
          }
          assertProblem(
              Problem.BAD_REQUEST,
              () -> open.transferTo(new ByteArrayOutputStream(), all.length, 1));
        }
      }
    }
  }

  @Test
  void get_worksWithAnyTwoOfThreeHoldersGone() throws Exception {
    byte[] content = noise(5 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 5)) {
      put(mesh.peer(1), "/f", content);
      mesh.sync(1, 0);
      Set<PeerId> holders = holders(mesh, "/f");
      TestMesh.Peer reader =
          Stream.of(0, 2, 3, 4)
              .map(mesh::peer)
              .filter(p -> !holders.contains(p.id()))
              .findFirst()
              .orElseThrow();
      mesh.sync(1, reader.number);
      for (PeerId alive : holders) {
        for (PeerId holder : holders) {
          if (!holder.equals(alive)) {
            mesh.cutOff(mesh.peer(holder).number);
          }
        }
        assertSame(get(reader, "/f"), content);
        holders.forEach(h -> mesh.reconnect(mesh.peer(h).number));
      }
    }
  }

  private static Set<PeerId> holders(TestMesh mesh, String path) throws Exception {
    Set<PeerId> holders = new HashSet<>();
    mesh.peer(1).files.stat(path).groups().forEach(g -> holders.addAll(g.holders()));
    return holders;
  }

  @Test
  void get_passesOverHoldersWhoseBytesAreDamaged() throws Exception {
    byte[] content = noise(3 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 5)) {
      put(mesh.peer(1), "/f", content);
      List<PeerId> holders = new ArrayList<>(holders(mesh, "/f"));
      for (PeerId holder : holders.subList(0, 2)) {
        damage(mesh.peer(holder));
      }
      for (int reader = 0; reader < 5; reader++) {
        mesh.sync(1, reader);
        // Folder objects are damaged too, and come from the third holder all the same.
        assertSame(get(mesh.peer(reader), "/f"), content);
      }
      damage(mesh.peer(holders.get(2)));
      assertProblem(Problem.DATA_CORRUPT, () -> get(mesh.peer(1), "/f"));
    }
  }

  /** Flips a bit in each 4 KiB of data that a peer stores. */
  private static void damage(TestMesh.Peer peer) throws IOException {
    try (Stream<Path> segments = Files.list(peer.home().resolve("store/segments"))) {
      for (Path segment : segments.toList()) {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
          // Headers of records are spared, so that the store still finds them.
          for (long at = 8192; at < file.length(); at += 4096) {
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
          }
        }
      }
    }
  }

  @Test
  void put_replacesAHolderThatDiesInItsMidst() throws Exception {
    byte[] content = noise(24 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 5)) {
      try (PutSession session = mesh.peer(0).files.put(PutOptions.DEFAULT)) {
        InputStream killing =
            new ByteArrayInputStream(content) {
              private boolean killed;

              @Override
              public synchronized int read(byte[] target, int offset, int length) {
                if (pos > 12 << 20 && !killed) {
                  killed = true;
                  writers(mesh).forEach(mesh::cutOff);
                }
                return super.read(target, offset, length);
              }
            };
        session.add("/f", killing, 0);
        assertThat(session.commit().copiesLeast()).isEqualTo(3);
      }
      assertSame(get(mesh.peer(0), "/f"), content);
      for (FileStat.GroupStat group : mesh.peer(0).files.stat("/f").groups()) {
        assertThat(group.holders()).hasSize(3);
      }
    }
  }

  /** Up to two peers other than the first that are writing a group at this moment. */
  private static List<Integer> writers(TestMesh mesh) {
    return Stream.of(1, 2, 3, 4)
        .filter(i -> mesh.peer(i).store.usage().reserved() > 0)
        .limit(2)
        .toList();
  }

  @Test
  void put_keepsBothWhenTwoDevicesWriteOnePathAtOnce() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      put(mesh.peer(0), "/doc.txt", text(100));
      mesh.sync(0, 1);
      mesh.sync(0, 2);
      List<byte[]> versions = List.of(noise(1000), noise(2000), noise(3000));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          PutSession zero = mesh.peer(0).files.put(PutOptions.DEFAULT);
          PutSession one = mesh.peer(1).files.put(PutOptions.DEFAULT);
          PutSession two = mesh.peer(2).files.put(PutOptions.DEFAULT)) {
        List<Future<?>> commits = new ArrayList<>();
        List<PutSession> sessions = List.of(zero, one, two);
        for (int i = 0; i < 3; i++) {
          PutSession session = sessions.get(i);
          session.add("/doc.txt", new ByteArrayInputStream(versions.get(i)), 0);
          session.add("/own/" + i, new ByteArrayInputStream(versions.get(i)), 0);
          Callable<?> commit = session::commit;
          commits.add(threads.submit(commit));
        }
        for (Future<?> commit : commits) {
          commit.get();
        }
      }
      Awaitility.await()
          .until(() -> mesh.peer(0).ledger.view().namespace(owner()).orElseThrow().version() == 4);
      List<String> paths =
          TestMesh.list(mesh.peer(0).files, "/", true).stream()
              .filter(e -> !e.folder())
              .map(FileEntry::path)
              .toList();
      assertThat(paths).hasSize(6).contains("/doc.txt", "/own/0", "/own/1", "/own/2");
      Set<Integer> lengths = new HashSet<>();
      for (String path : paths) {
        if (path.startsWith("/doc")) {
          lengths.add(get(mesh.peer(0), path).length);
        }
      }
      assertThat(lengths).containsExactlyInAnyOrder(1000, 2000, 3000);
    }
  }

  private static org.apache.tuweni.bytes.Bytes owner() {
    return TestMesh.OWNER.publicKey().raw();
  }

  @Test
  void remove_makesHoldersDeleteWhatNobodyRefersTo() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/keep", noise(100_000));
      put(mesh.peer(0), "/a/gone", noise(2 << 20));
      put(mesh.peer(0), "/a/b/gone", noise(10_000));
      put(mesh.peer(0), "/overwritten", noise(1 << 20));
      put(mesh.peer(0), "/overwritten", noise(1000));
      assertThat(mesh.peer(0).files.stat("/overwritten").entry().version()).isEqualTo(2);
      assertProblem(Problem.BAD_REQUEST, () -> mesh.peer(0).files.remove("/a", false));
      assertThat(mesh.peer(0).files.remove("/a", true)).isEqualTo(2);
      assertProblem(Problem.NOT_FOUND, () -> get(mesh.peer(0), "/a/gone"));
      // Left are: the data of two files, and the newest root folder.
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                List<GroupRow> rows = mesh.peer(0).ledger.view().groupsOfOwner(owner());
                assertThat(rows).hasSize(3).allMatch(GroupRow::committed);
                for (int i = 0; i < 4; i++) {
                  int number = i;
                  Set<Bytes32> held = new HashSet<>();
                  mesh.peer(i).store.forEachGroup(g -> held.add(g.group().hash()));
                  Set<Bytes32> mapped = new HashSet<>();
                  rows.stream()
                      .filter(r -> r.holders().contains(number))
                      .forEach(r -> mapped.add(r.group()));
                  assertThat(held).as("peer %d", i).isEqualTo(mapped);
                }
              });
      assertThat(get(mesh.peer(0), "/keep")).hasSize(100_000);
      assertThat(get(mesh.peer(0), "/overwritten")).hasSize(1000);
    }
  }

  @Test
  void open_keepsAFileReadableAfterItsRemoval() throws Exception {
    byte[] content = noise(3 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      put(mesh.peer(0), "/f", content);
      try (FileService.OpenFile open = mesh.peer(0).files.open("/f")) {
        mesh.peer(0).files.remove("/f", false);
        put(mesh.peer(0), "/other", noise(10));
        Awaitility.await()
            .until(() -> mesh.peer(0).ledger.view().groupsOfOwner(owner()).size() == 3);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        open.transferTo(out, 0, content.length);
        assertSame(out.toByteArray(), content);
      }
      mesh.peer(0).files.remove("/other", false);
      Awaitility.await().until(() -> mesh.peer(0).ledger.view().groupsOfOwner(owner()).size() == 1);
    }
  }

  @Test
  void commit_goesOnByItselfAfterTheLedgerStalled() throws Exception {
    byte[] content = noise(2 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/before", content);
      mesh.sync(0, 1);
      PutOptions hasty = new PutOptions(3, Duration.ofMillis(300));
      try (PutSession session = mesh.peer(1).files.put(hasty)) {
        session.add("/late", new ByteArrayInputStream(content), 0);
        mesh.cutOff(0);
        assertProblem(Problem.LEDGER_STALLED, session::commit);
      }
      // What was stored before can still be read.
      assertSame(get(mesh.peer(1), "/before"), content);
      mesh.peer(1).stop();
      mesh.reconnect(0);
      mesh.peer(1).start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> TestMesh.list(mesh.peer(0).files, "/", false).size() == 2);
      mesh.sync(0, 1);
      assertSame(get(mesh.peer(0), "/late"), content);
      assertSame(get(mesh.peer(1), "/late"), content);
    }
  }

  @Test
  void start_dropsWhatADeadPutLeft() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      put(mesh.peer(0), "/f", noise(1000));
      PutSession dead = mesh.peer(0).files.put(PutOptions.DEFAULT);
      dead.add("/never", new ByteArrayInputStream(noise(70 << 20)), 0);
      Awaitility.await().until(() -> dead.confirmedBytes() > 0);
      // The process ends here: nothing is closed in order.
      mesh.peer(0).stop();
      mesh.peer(0).start();
      assertThat(get(mesh.peer(0), "/f")).hasSize(1000);
      List<StoredGroup> left = new ArrayList<>();
      mesh.peer(0).store.forEachGroup(left::add);
      assertThat(left.stream().mapToLong(StoredGroup::bytes).sum()).isLessThan(10_000);
    }
  }

  @Test
  void start_findsAllFilesAgain() throws Exception {
    byte[] content = noise(2 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      put(mesh.peer(0), "/a/f", content);
      for (int i = 0; i < 3; i++) {
        mesh.peer(i).stop();
        mesh.peer(i).start();
      }
      for (int i = 0; i < 3; i++) {
        mesh.sync(0, i);
        assertSame(get(mesh.peer(i), "/a/f"), content);
      }
    }
  }

  @Test
  void put_saysThatQuotasAreSpentAndLosesNothing() throws Exception {
    byte[] content = noise(20 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 3, 48L << 20)) {
      put(mesh.peer(0), "/fits", content);
      assertProblem(Problem.QUOTA_FULL, () -> put(mesh.peer(0), "/not", noise(60 << 20)));
      assertSame(get(mesh.peer(0), "/fits"), content);
      assertThat(TestMesh.list(mesh.peer(0).files, "/", true)).hasSize(1);
      Awaitility.await().until(() -> mesh.peer(1).store.usage().reserved() == 0);
      // Names can still be changed, and room comes back.
      mesh.peer(0).files.remove("/fits", false);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  Stream.of(0, 1, 2).allMatch(i -> mesh.peer(i).store.usage().free() > 46L << 20));
      assertThat(put(mesh.peer(0), "/again", content).copiesLeast()).isEqualTo(3);
    }
  }

  @Test
  void put_saysWhenThereAreFewerPeersThanCopies() throws Exception {
    byte[] content = noise(2 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 1)) {
      assertThat(put(mesh.peer(0), "/f", content).copiesLeast()).isEqualTo(1);
      assertSame(get(mesh.peer(0), "/f"), content);
    }
  }

  @Test
  void put_packsManySmallFiles() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      PutSession.PutSummary summary;
      try (PutSession session = mesh.peer(0).files.put(PutOptions.DEFAULT)) {
        for (int i = 0; i < 2000; i++) {
          byte[] content = Integer.toString(i).repeat(100).getBytes(StandardCharsets.US_ASCII);
          session.add("/many/" + i, new ByteArrayInputStream(content), i);
        }
        summary = session.commit();
      }
      assertThat(summary.files()).isEqualTo(2000);
      assertThat(summary.groups()).isEqualTo(2);
      mesh.sync(0, 1);
      assertThat(TestMesh.list(mesh.peer(1).files, "/many", false)).hasSize(2000);
      assertThat(new String(get(mesh.peer(1), "/many/1234"), StandardCharsets.US_ASCII))
          .startsWith("12341234");
    }
  }

  @Test
  void put_storesEqualChunksOnce() throws Exception {
    byte[] content = noise(2 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 3)) {
      try (PutSession session = mesh.peer(0).files.put(PutOptions.DEFAULT)) {
        session.add("/a", new ByteArrayInputStream(content), 0);
        session.add("/b", new ByteArrayInputStream(content), 0);
        assertThat(session.commit().storedBytes()).isLessThan(5 << 19);
      }
      assertSame(get(mesh.peer(0), "/b"), content);
    }
  }

  @Test
  void requests_thatMakeNoSenseAreRefused() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 1)) {
      FileEngine files = mesh.peer(0).files;
      assertThat(TestMesh.list(files, "/", true)).isEmpty();
      assertThat(files.stat("/").entry().folder()).isTrue();
      assertProblem(Problem.NOT_FOUND, () -> files.open("/none"));
      assertProblem(Problem.NOT_FOUND, () -> TestMesh.list(files, "/none", false));
      assertProblem(Problem.NOT_FOUND, () -> files.remove("/none", false));
      assertProblem(Problem.BAD_REQUEST, () -> files.remove("/", true));
      assertProblem(Problem.BAD_REQUEST, () -> files.open("relative"));
      put(mesh.peer(0), "/a/f", new byte[1]);
      assertProblem(Problem.BAD_REQUEST, () -> files.open("/a"));
      assertProblem(Problem.ALREADY_EXISTS, () -> put(mesh.peer(0), "/a", new byte[1]));
      assertProblem(Problem.ALREADY_EXISTS, () -> put(mesh.peer(0), "/a/f/g", new byte[1]));
      try (PutSession session = files.put(PutOptions.DEFAULT)) {
        session.add("/x/y", InputStream.nullInputStream(), 0);
        assertProblem(
            Problem.ALREADY_EXISTS, () -> session.add("/x", InputStream.nullInputStream(), 0));
        assertProblem(
            Problem.ALREADY_EXISTS, () -> session.add("/x/y/z", InputStream.nullInputStream(), 0));
      }
      assertThat(TestMesh.list(files, "/x", false).isEmpty()).isFalse();
    } catch (NodeException e) {
      // The abandoned put left nothing, so /x does not exist.
      assertThat(e.problem()).isEqualTo(Problem.NOT_FOUND);
    }
  }
}
