package dev.kith.node.files.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkKey;
import dev.kith.dht.chunk.Codec;
import dev.kith.dht.chunk.Sha256;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.content.ChunkRef;
import dev.kith.node.files.content.Content;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.content.GroupRanges;
import dev.kith.node.files.content.TestRefs;
import dev.kith.node.files.names.Node.FileNode;
import dev.kith.node.files.names.Node.FolderNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class NameTreeTest {
  private final Folders folders = new Folders();
  private final NameTree tree = new NameTree(folders);
  private Optional<FolderNode> root = Optional.empty();
  private long version;

  /** Folder objects in memory. */
  private static final class Folders implements FolderStore {
    private final Map<ChunkId, Bytes> objects = new HashMap<>();
    private int saves;

    @Override
    public Folder load(FolderNode node) throws IOException {
      return Folder.decode(
          Optional.ofNullable(objects.get(node.content().refs().getFirst().id())).orElseThrow());
    }

    @Override
    public FolderNode save(Folder folder, long modifiedMillis) {
      saves++;
      byte[] encoded = folder.encode();
      ChunkId id = new ChunkId(Bytes32.wrap(Sha256.create().digest(encoded)));
      objects.put(id, Bytes.wrap(encoded));
      GroupName group = new GroupName(TestRefs.putId(1), saves);
      ChunkRef ref =
          new ChunkRef(
              id,
              new ChunkKey(Codec.RAW, encoded.length, encoded.length, Bytes32.ZERO),
              group,
              encoded.length);
      return new FolderNode(
          new Content(encoded.length, 0, List.of(ref)),
          GroupRanges.of(List.of(group)),
          modifiedMillis);
    }
  }

  private static FileNode file(int mark) {
    return new FileNode(
        Content.EMPTY, GroupRanges.NONE, Bytes32.repeat((byte) mark), 0, mark, 1, 0);
  }

  private static PathOp put(String path, int mark) throws NodeException {
    return new PathOp.Put(Paths.split(path), file(mark));
  }

  private static PathOp remove(String path) throws NodeException {
    return new PathOp.Remove(Paths.split(path));
  }

  private NameTree.Applied apply(PathOp... operations) throws Exception {
    return applyAt(version, operations);
  }

  private NameTree.Applied applyAt(long base, PathOp... operations) throws Exception {
    NameTree.Applied applied =
        tree.apply(
            root, List.of(operations), new NameTree.Change(base, version + 1, 1000, "laptop"));
    version++;
    root = Optional.of(applied.root());
    return applied;
  }

  /** Paths of files, each with its mark and version. */
  private Map<String, String> files() throws Exception {
    Map<String, String> files = new TreeMap<>();
    tree.walk(
        root.orElseThrow(),
        List.of(),
        (path, node) -> {
          if (node instanceof FileNode f) {
            files.put(Paths.join(path), f.modifiedMillis() + " v" + f.version());
          }
          return true;
        });
    return files;
  }

  @Test
  void apply_putsFilesAndMakesTheirFolders() throws Exception {
    apply(put("/a", 1), put("/b/c/d", 2), put("/b/e", 3));
    assertThat(files()).isEqualTo(Map.of("/a", "1 v1", "/b/c/d", "2 v1", "/b/e", "3 v1"));
    assertThat(tree.find(root.orElseThrow(), List.of("b", "c")))
        .get()
        .isInstanceOf(FolderNode.class);
    assertThat(tree.find(root.orElseThrow(), List.of("b", "x", "y"))).isEmpty();
    assertThat(tree.find(root.orElseThrow(), List.of("a", "x"))).isEmpty();
    assertThat(tree.find(root.orElseThrow(), List.of())).contains(root.orElseThrow());
  }

  @Test
  void apply_countsVersionsOfAPath() throws Exception {
    apply(put("/a/b", 1));
    apply(put("/a/b", 2));
    assertThat(files()).isEqualTo(Map.of("/a/b", "2 v2"));
  }

  @Test
  void apply_rewritesTheChangedPathOnly() throws Exception {
    apply(put("/a/1", 1), put("/b/2", 2), put("/b/c/3", 3));
    int before = folders.saves;
    apply(put("/b/c/4", 4));
    assertThat(folders.saves - before).isEqualTo(3);
    before = folders.saves;
    apply(remove("/nothing/here"));
    assertThat(folders.saves).isEqualTo(before);
  }

  @Test
  void apply_removesFilesAndFoldersAndWhatThatLeavesEmpty() throws Exception {
    apply(put("/a/b/c", 1), put("/a/d", 2), put("/e", 3));
    assertThat(apply(remove("/a/b/c")).removed()).isEqualTo(1);
    assertThat(tree.find(root.orElseThrow(), List.of("a", "b"))).isEmpty();
    apply(put("/a/f/g", 4));
    assertThat(apply(remove("/a")).removed()).isEqualTo(2);
    assertThat(files()).isEqualTo(Map.of("/e", "3 v1"));
    apply(remove("/e"));
    assertThat(files()).isEmpty();
  }

  @Test
  void apply_keepsBothWhenTwoWroteOnePathAtOnce() throws Exception {
    apply(put("/doc.txt", 1));
    long base = version;
    apply(put("/doc.txt", 2));
    NameTree.Applied late = applyAt(base, put("/doc.txt", 3));
    assertThat(late.renamed()).containsExactly("/doc (conflict laptop).txt");
    assertThat(applyAt(base, put("/doc.txt", 4)).renamed())
        .containsExactly("/doc (conflict laptop 2).txt");
    assertThat(files())
        .isEqualTo(
            Map.of(
                "/doc.txt", "2 v2",
                "/doc (conflict laptop).txt", "3 v1",
                "/doc (conflict laptop 2).txt", "4 v1"));
  }

  @Test
  void apply_sparesWhatCameAfterTheRemovalWasAskedFor() throws Exception {
    apply(put("/a/old", 1), put("/a/b/old", 2), put("/a/changed", 3));
    long base = version;
    apply(put("/a/b/new", 4), put("/a/changed", 5));
    assertThat(applyAt(base, remove("/a")).removed()).isEqualTo(2);
    assertThat(files()).isEqualTo(Map.of("/a/b/new", "4 v1", "/a/changed", "5 v2"));
  }

  @Test
  void apply_refusesAFolderWhereAFileIs() throws Exception {
    apply(put("/a", 1));
    assertThatThrownBy(() -> apply(put("/a/b", 2)))
        .isInstanceOfSatisfying(
            NodeException.class, e -> assertThat(e.problem()).isEqualTo(Problem.ALREADY_EXISTS));
  }

  @Test
  void apply_putsBesideAFileOrFolderThatCameMeanwhile() throws Exception {
    apply(put("/x", 1));
    long base = version;
    apply(put("/a", 2), put("/f/g", 3));
    NameTree.Applied late = applyAt(base, put("/a/b", 4), put("/f", 5));
    assertThat(late.renamed())
        .containsExactlyInAnyOrder("/a (conflict laptop)", "/f (conflict laptop)");
    assertThat(files())
        .containsEntry("/a (conflict laptop)/b", "4 v1")
        .containsEntry("/f (conflict laptop)", "5 v1")
        .containsEntry("/a", "2 v1")
        .containsEntry("/f/g", "3 v1");
  }

  @Test
  void apply_endsWithAllFilesInWhateverOrderDevicesWrite() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 1; round < 100; round++) {
      String path = "/" + random.nextInt(3) + "/" + random.nextInt(3);
      long base = Math.max(0, version - random.nextInt(1, 4));
      Map<String, String> before = round == 1 ? Map.of() : files();
      applyAt(base, put(path, round));
      Map<String, String> after = files();
      // A version that its writer did not know of is never replaced.
      List<String> gone = new ArrayList<>(before.keySet());
      gone.removeAll(after.keySet());
      assertThat(gone).as("seed %d", seed).isEmpty();
      String mark = round + " v";
      assertThat(after.values()).as("seed %d", seed).anyMatch(v -> v.startsWith(mark));
    }
  }

  @Test
  void conflictName_keepsToTheLongestSegment() {
    String name = "\u00e4".repeat(127) + "x";
    String other = ConflictName.of(name, "my/phone", Set.of());
    assertThat(Paths.isSegment(other)).isTrue();
    assertThat(other).endsWith(" (conflict myphone)");
    assertThat(ConflictName.of(".profile", "a", Set.of())).isEqualTo(".profile (conflict a)");
  }

  @Test
  void split_refusesWhatIsNoPath() throws Exception {
    assertThat(Paths.split("/")).isEmpty();
    assertThat(Paths.split("/a/\u00f6 b")).containsExactly("a", "\u00f6 b");
    for (String bad :
        List.of(
            "",
            "a",
            "//",
            "/a/",
            "/a//b",
            "/./a",
            "/a/..",
            "/a\u0000",
            "/a\nb",
            "/\ud800",
            "/" + "a".repeat(256),
            "/" + "a/".repeat(200) + "a")) {
      assertThatThrownBy(() -> Paths.split(bad))
          .isInstanceOfSatisfying(
              NodeException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_REQUEST));
    }
  }

  @Test
  void decode_refusesFoldersThatWeDoNotWrite() throws Exception {
    byte[] encoded = new Folder(new TreeMap<>(Map.of("a", file(1), "b", file(2)))).encode();
    assertThat(Folder.decode(Bytes.wrap(encoded)).entries()).hasSize(2);
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int length = 0; length < encoded.length; length++) {
      Bytes cut = Bytes.wrap(encoded, 0, length);
      assertThatThrownBy(() -> Folder.decode(cut)).isInstanceOf(DecodeException.class);
    }
    for (int i = 0; i < 10_000; i++) {
      byte[] noise = encoded.clone();
      noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
      try {
        Folder.decode(Bytes.wrap(noise));
      } catch (DecodeException e) {
        assertThat(e).hasMessageNotContaining("null");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void rootReference_opensWithTheOwnersKeyOnly() throws Exception {
    apply(put("/a", 1));
    Bytes owner = Bytes.repeat((byte) 2, 33);
    Bytes32 key = Bytes32.repeat((byte) 7);
    Bytes sealed = RootReference.seal(root.orElseThrow(), key, owner);
    assertThat(sealed.size()).isLessThan(512);
    assertThat(RootReference.open(sealed, key, owner)).isEqualTo(root.orElseThrow());
    assertThatThrownBy(() -> RootReference.open(sealed, Bytes32.ZERO, owner))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> RootReference.open(sealed, key, owner.not()))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> RootReference.open(sealed.slice(0, 20), key, owner))
        .isInstanceOf(DecodeException.class);
  }
}
