package dev.kith.node.files;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.Chunker;
import dev.kith.dht.chunk.CipherWarmUp;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.download.ChunkFetcher;
import dev.kith.node.files.download.ContentReader;
import dev.kith.node.files.holder.Announcer;
import dev.kith.node.files.holder.HolderService;
import dev.kith.node.files.mesh.Candidates;
import dev.kith.node.files.mesh.Holders;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.mesh.PeerHealth;
import dev.kith.node.files.names.Node;
import dev.kith.node.files.names.PathOp;
import dev.kith.node.files.names.Paths;
import dev.kith.node.files.upload.ChunkUploader;
import dev.kith.node.files.upload.SealPool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts and gets the owner's files, and holds groups for others: serves {@code
 * /kith/<realm8>/store/1} and {@code /kith/<realm8>/fetch/1} on the host. Thread-safe.
 */
public final class FileEngine implements FileService, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileEngine.class);

  /** Arrays for chunks that are kept between uses. */
  static final long BUFFERS_RETAINED_BYTES = 40L << 20;

  private static final Duration REMOVE_TIMEOUT = Duration.ofSeconds(60);

  private final PutContext context;
  private final ContentReader reader;
  private final SecureRandom random = new SecureRandom();

  private FileEngine(PutContext context, ContentReader reader) {
    this.context = context;
    this.reader = reader;
  }

  /**
   * Starts serving, and goes on with the puts that an earlier run of this peer did not finish.
   *
   * @param folder of this engine alone, such as {@code HOME/files}; made where it is absent
   * @param store this device's block store; stays the caller's to close, after the engine
   */
  public static FileEngine start(
      Path folder,
      Host host,
      Ledger ledger,
      ContentRouting routing,
      BlockStore store,
      OwnerSecrets secrets)
      throws IOException {
    return start(
        folder,
        host,
        ledger,
        routing,
        store,
        secrets,
        FileSettings.DEFAULT,
        InstantSource.system());
  }

  static FileEngine start(
      Path folder,
      Host host,
      Ledger ledger,
      ContentRouting routing,
      BlockStore store,
      OwnerSecrets secrets,
      FileSettings settings,
      InstantSource clock)
      throws IOException {
    Path spool = emptySpool(folder);
    ChunkBuffers buffers = new ChunkBuffers(BUFFERS_RETAINED_BYTES);
    Mesh mesh = new Mesh(host, ledger, store, buffers, new PeerHealth());
    Candidates candidates = new Candidates(mesh);
    Bytes owner = secrets.owner();
    Pins pins = new Pins(owner);
    PutJournal journal = new PutJournal(LevelDbDatastore.open(folder.resolve("journal")), owner);
    Chunker chunker = new Chunker(secrets.convergenceSecret());
    SealPool seals = new SealPool(secrets.convergenceSecret(), buffers);
    ContentReader reader =
        new ContentReader(
            mesh, new ChunkFetcher(mesh, new Holders(mesh, routing::providers), owner));
    Folders folders = new Folders(reader, chunker);
    Namespace namespace = new Namespace(mesh, secrets, folders);
    HolderService holder =
        HolderService.start(mesh, announcer(routing), settings.holder(), pins::inPut, clock);
    Commits commits =
        new Commits(
            mesh,
            secrets,
            namespace,
            folders,
            journal,
            put ->
                new ChunkUploader(
                    mesh,
                    candidates,
                    seals,
                    new ChunkUploader.Settings(
                        put.putId(),
                        owner,
                        Math.max(PutContext.NAMES_COPIES_MIN, put.copies()),
                        put.nextGroup(),
                        PutContext.NAMES_ROOM_BYTES,
                        spool,
                        group -> pins.put(group.putId(), group.id(owner)))),
            holder::discard,
            clock);
    Sweeper sweeper = new Sweeper(mesh, owner, namespace, pins);
    Upkeep upkeep = new Upkeep(mesh, journal, commits, sweeper, pins, settings, clock);
    PutContext context =
        new PutContext(
            mesh,
            candidates,
            seals,
            secrets,
            chunker,
            namespace,
            journal,
            pins,
            commits,
            upkeep,
            holder,
            new Semaphore(PutContext.READS_MAX),
            spool,
            clock);
    FileEngine engine = new FileEngine(context, reader);
    engine.recover();
    upkeep.start();
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("cipher-warm-up")
            .start(() -> CipherWarmUp.run(settings.warmUp()));
    return engine;
  }

  private static Path emptySpool(Path folder) throws IOException {
    Path spool = folder.resolve("spool");
    Files.createDirectories(spool);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(spool)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    return spool;
  }

  private static Announcer announcer(ContentRouting routing) {
    return new Announcer() {
      @Override
      public void provide(Bytes32 group) throws IOException, InterruptedException {
        routing.provide(group);
      }

      @Override
      public void withdraw(Bytes32 group) throws IOException, InterruptedException {
        routing.withdraw(group);
      }
    };
  }

  /** Puts that were sending are dead, and their data on this device goes; others are pinned. */
  private void recover() throws IOException {
    for (PutRecord put : context.journal().stored()) {
      context.pins().put(put.putId());
      put.groups().forEach(g -> context.pins().put(put.putId(), g.stored().group()));
      LOG.info("put {} goes on", put.putId());
    }
    for (PutJournal.Dead dead : context.journal().dead()) {
      LOG.info("put {} ended with the process; what it left here is deleted", dead.putId());
      context.deleteGroups(dead.putId(), dead.newestGroup() + 1);
      context.journal().done(dead.putId());
    }
  }

  @Override
  public PutSession put(PutOptions options) throws IOException {
    if (options.copies() < 1 || options.copies() > 16) {
      throw new NodeException(Problem.BAD_REQUEST, "copies: " + options.copies());
    }
    var _ = context.mesh().selfMember();
    return new MeshPut(context, newPutId(), options, context.namespace().root().version());
  }

  private Bytes newPutId() {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return Bytes.wrap(id);
  }

  @Override
  public FileStat stat(String path) throws IOException, InterruptedException {
    Namespace.Root root = context.namespace().root();
    Optional<Node> node = context.namespace().find(root, Paths.split(path));
    FileEntry entry = context.namespace().entry(path);
    if (node.isEmpty()) {
      return new FileStat(entry, 0, List.of());
    }
    LedgerView view = context.mesh().ledger().view();
    List<FileStat.GroupStat> groups = new ArrayList<>();
    node.get()
        .groups()
        .forEach(
            name ->
                view.group(name.id(context.secrets().owner()).hash())
                    .ifPresent(row -> groups.add(groupStat(view, row))));
    int chunks =
        switch (node.get()) {
          case Node.FileNode file -> file.chunks();
          case Node.FolderNode _ -> 0;
        };
    return new FileStat(entry, chunks, groups);
  }

  private static FileStat.GroupStat groupStat(LedgerView view, GroupRow row) {
    List<PeerId> holders = new ArrayList<>();
    for (int index : row.holders()) {
      view.member(index).map(Member::peer).ifPresent(holders::add);
    }
    return new FileStat.GroupStat(row.group(), holders, row.wanted(), row.bytes());
  }

  @Override
  public void list(String path, boolean recursive, EntryVisitor visitor)
      throws IOException, InterruptedException {
    context.namespace().list(path, recursive, visitor);
  }

  @Override
  public OpenFile open(String path) throws IOException, InterruptedException {
    while (true) {
      Namespace.Root root = context.namespace().root();
      Node.FileNode file = context.namespace().file(root, path);
      FileEntry entry = Namespace.entry(Paths.split(path), file);
      MeshFile open = new MeshFile(entry, file, reader, context.pins());
      // A sweep that began after the names changed may not have seen the pin: look again.
      if (context.namespace().root().version() == root.version()) {
        return open;
      }
      open.close();
    }
  }

  @Override
  public int remove(String path, boolean recursive) throws IOException, InterruptedException {
    List<String> segments = Paths.split(path);
    if (segments.isEmpty()) {
      throw new NodeException(Problem.BAD_REQUEST, "/ cannot be removed");
    }
    Namespace.Root root = context.namespace().root();
    Node node = context.namespace().find(root, segments).orElseThrow(() -> Namespace.missing(path));
    if (node instanceof Node.FolderNode && !recursive) {
      throw new NodeException(
          Problem.BAD_REQUEST, path + " is a folder (kith rm -r removes it with all in it)");
    }
    PutRecord removal =
        new PutRecord(
            newPutId(),
            context.millis(),
            root.version(),
            PutContext.NAMES_COPIES_MIN,
            0,
            List.of(new PathOp.Remove(segments)),
            List.of());
    context.upkeep().enter(removal.putId());
    context.pins().put(removal.putId());
    try {
      context.commits().begin(removal);
      Commits.Done done = context.commits().commit(removal, REMOVE_TIMEOUT);
      done.groups().forEach(context::announce);
      return done.removed();
    } catch (IOException e) {
      throw context.unfinished(removal.putId(), path + " is not removed yet", e);
    } finally {
      context.over(removal.putId(), Optional.empty());
    }
  }

  /** Stops serving and ends what is under way; unfinished puts go on at the next start. */
  @Override
  public void close() {
    context.upkeep().close();
    context.holder().close();
    reader.close();
    context.seals().close();
    try {
      context.journal().close();
    } catch (IOException e) {
      LOG.warn("the journal of puts could not be closed", e);
    }
  }
}
