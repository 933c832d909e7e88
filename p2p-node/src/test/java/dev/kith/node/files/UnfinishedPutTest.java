package dev.kith.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService.PutOptions;
import dev.kith.node.files.upload.GroupResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Puts that meet trouble after their data is durable. */
@Timeout(120)
class UnfinishedPutTest {
  private static final Bytes OWNER = TestMesh.OWNER.publicKey().raw();

  @TempDir Path folder;

  private static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static void put(TestMesh.Peer peer, String path, byte[] content) throws Exception {
    try (PutSession session = peer.files.put(PutOptions.DEFAULT)) {
      session.add(path, new ByteArrayInputStream(content), 0);
      session.commit();
    }
  }

  private static byte[] get(TestMesh.Peer peer, String path) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (FileService.OpenFile file = peer.files.open(path)) {
      file.transferTo(out, 0, file.entry().size());
    }
    return out.toByteArray();
  }

  /** A put that is durable and not final; the validator, peer 0, stays cut off. */
  private static void putNotFinal(TestMesh mesh, TestMesh.Peer peer, String path, byte[] content)
      throws Exception {
    PutOptions hasty = new PutOptions(3, Duration.ofMillis(300));
    try (PutSession session = peer.files.put(hasty)) {
      session.add(path, new ByteArrayInputStream(content), 0);
      mesh.cutOff(0);
      assertThatThrownBy(session::commit)
          .hasMessageContaining("it goes on by itself")
          .isInstanceOfSatisfying(
              NodeException.class, e -> assertThat(e.problem()).isEqualTo(Problem.LEDGER_STALLED));
    }
  }

  /** What the peer stores and the ledger does not know. */
  private static Set<GroupId> unmapped(TestMesh.Peer peer) throws IOException {
    LedgerView view = peer.ledger.view();
    List<StoredGroup> stored = new ArrayList<>();
    peer.store.forEachGroup(stored::add);
    return stored.stream()
        .map(StoredGroup::group)
        .filter(group -> view.group(group.hash()).isEmpty())
        .collect(Collectors.toSet());
  }

  private static void awaitGivenUp(TestMesh.Peer peer) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(unmapped(peer)).isEmpty());
  }

  @Test
  void put_thatIsNotFinalWithinADay_isGivenUpAndTheOlderVersionStays() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/doc", noise(1, 10_000));
      mesh.sync(0, 1);
      putNotFinal(mesh, mesh.peer(1), "/doc", noise(2, 10_000));
      assertThat(unmapped(mesh.peer(1))).isNotEmpty();
      mesh.peer(1).stop();
      mesh.peer(1).clockAhead = Duration.ofHours(25);
      mesh.reconnect(0);
      mesh.peer(1).start();
      awaitGivenUp(mesh.peer(1));
      put(mesh.peer(1), "/next", noise(3, 100));
      mesh.sync(1, 0);
      assertThat(mesh.peer(0).ledger.view().namespace(OWNER).orElseThrow().version()).isEqualTo(2);
      assertThat(get(mesh.peer(0), "/doc")).isEqualTo(noise(1, 10_000));
    }
  }

  @Test
  void put_thatIsFinalWithinADay_takesTheOlderVersionsPlace() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/doc", noise(1, 10_000));
      mesh.sync(0, 1);
      putNotFinal(mesh, mesh.peer(1), "/doc", noise(2, 10_000));
      mesh.peer(1).stop();
      mesh.peer(1).clockAhead = Duration.ofHours(23);
      mesh.reconnect(0);
      mesh.peer(1).start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> mesh.peer(0).ledger.view().namespace(OWNER).orElseThrow().version() == 2);
      assertThat(get(mesh.peer(0), "/doc")).isEqualTo(noise(2, 10_000));
    }
  }

  @Test
  void put_whoseGroupWasDeclaredDead_isGivenUpWithItsNames() throws Exception {
    try (TestMesh mesh = TestMesh.of(folder, 4)) {
      put(mesh.peer(0), "/doc", noise(1, 10_000));
      mesh.sync(0, 1);
      putNotFinal(mesh, mesh.peer(1), "/doc", noise(2, 10_000));
      mesh.peer(1).stop();
      mesh.reconnect(0);
      PutRecord record;
      try (PutJournal journal =
          new PutJournal(
              LevelDbDatastore.open(mesh.peer(1).home().resolve("files/journal")), OWNER)) {
        record = journal.stored().getFirst();
      }
      GroupResult data = record.groups().getFirst();
      List<Fact> facts =
          List.of(row(mesh, record, data), new GroupDead(data.stored().group().hash(), 1));
      assertThat(mesh.peer(0).ledger.submit(facts, Duration.ofSeconds(20)))
          .allMatch(Outcome.Applied.class::isInstance);
      mesh.peer(1).start();
      awaitGivenUp(mesh.peer(1));
      assertThat(mesh.peer(0).ledger.view().namespace(OWNER).orElseThrow().version()).isOne();
      assertThat(get(mesh.peer(0), "/doc")).isEqualTo(noise(1, 10_000));
    }
  }

  private static MapUpdate row(TestMesh mesh, PutRecord put, GroupResult group) {
    List<MapUpdate.Holder> holders = new ArrayList<>();
    group
        .receipts()
        .forEach((peer, r) -> holders.add(new MapUpdate.Holder(mesh.peer(peer).number, r)));
    StoredGroup stored = group.stored();
    return new MapUpdate(
        OWNER,
        put.putId(),
        group.name().number(),
        1,
        stored.root(),
        holders,
        group.wanted(),
        stored.bytes(),
        stored.chunks());
  }

  @Test
  void put_isTriedAgainWhileTheHoldersOfFoldersAreAway() throws Exception {
    byte[] content = noise(2, 10_000);
    try (TestMesh mesh = TestMesh.of(folder, 6)) {
      put(mesh.peer(0), "/before", noise(1, 100));
      Set<Integer> holders =
          mesh.peer(0).ledger.view().groupsOfOwner(OWNER).stream()
              .flatMap(row -> row.holders().stream())
              .collect(Collectors.toSet());
      TestMesh.Peer putter =
          IntStream.range(1, 6)
              .filter(i -> !holders.contains(i))
              .mapToObj(mesh::peer)
              .findFirst()
              .orElseThrow();
      mesh.sync(0, putter.number);
      putNotFinal(mesh, putter, "/late", content);
      putter.stop();
      List<TestMesh.Peer> others =
          IntStream.range(0, 6).mapToObj(mesh::peer).filter(p -> p != putter).toList();
      for (TestMesh.Peer other : others) {
        other.stop();
      }
      mesh.reconnect(0);
      putter.lookups.set(0);
      putter.start();
      // Each attempt looks for the root folder, and so does one sweep after a put was given up.
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> putter.lookups.get() >= 3);
      for (TestMesh.Peer other : others) {
        other.start();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> TestMesh.list(mesh.peer(0).files, "/", false).size() == 2);
      assertThat(get(mesh.peer(0), "/late")).isEqualTo(content);
    }
  }

  @Test
  void put_endsThoughNoReplacementForADeadHolderCanBeLookedFor() throws Exception {
    byte[] content = noise(1, 24 << 20);
    try (TestMesh mesh = TestMesh.of(folder, 5)) {
      try (PutSession session = mesh.peer(0).files.put(PutOptions.DEFAULT)) {
        InputStream killing =
            new ByteArrayInputStream(content) {
              private boolean killed;

              @Override
              public synchronized int read(byte[] target, int offset, int length) {
                if (pos > 12 << 20 && !killed) {
                  killed = true;
                  mesh.peer(0).blindThread = "lane";
                  IntStream.range(1, 5).forEach(mesh::cutOff);
                }
                return super.read(target, offset, length);
              }
            };
        session.add("/f", killing, 0);
        assertThat(session.commit().copiesLeast()).isOne();
      }
      assertThat(get(mesh.peer(0), "/f")).isEqualTo(content);
    }
  }
}
