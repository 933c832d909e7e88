package dev.kith.node.files;

import dev.kith.dht.chunk.Chunker;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.names.Node;
import dev.kith.node.files.names.PathOp;
import dev.kith.node.files.names.Paths;
import dev.kith.node.files.upload.ChunkUploader;
import dev.kith.node.files.upload.GroupResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * A put under way. Until {@link #commit} has journalled it, its end is that of this object; from
 * then on the engine takes it to its end.
 */
final class MeshPut implements PutSession {
  /** Files of one put. */
  static final int FILES_MAX = 50_000;

  /** A put that is not final after a day is given up: an hour is left for its last steps. */
  private static final Duration DURATION_MAX = Duration.ofHours(23);

  private final PutContext context;
  private final Bytes putId;
  private final FileService.PutOptions options;
  private final long base;
  private final long startedMillis;
  private final ChunkUploader uploader;
  private final Chunker chunker;
  private final TreeMap<String, PathOp> operations = new TreeMap<>();
  private long bytes;
  private boolean handedOver;
  private boolean closed;

  /**
   * @param base the version of the namespace now
   */
  MeshPut(PutContext context, Bytes putId, FileService.PutOptions options, long base) {
    this.context = context;
    this.putId = putId;
    this.options = options;
    this.base = base;
    this.startedMillis = context.millis();
    this.uploader = context.dataUploader(putId, options.copies());
    this.chunker = context.chunker();
    context.upkeep().enter(putId);
    context.pins().put(putId);
  }

  @Override
  public FileSummary add(String path, InputStream content, long modifiedMillis)
      throws IOException, InterruptedException {
    List<String> segments = Paths.split(path);
    checkOpen();
    checkFree(path, segments);
    context.reads().acquire();
    try {
      ChunkUploader.Uploaded uploaded = uploader.upload(content, chunker.fresh());
      long size = uploaded.content().size();
      operations.put(
          path,
          new PathOp.Put(
              segments,
              new Node.FileNode(
                  uploaded.content(),
                  uploaded.groups(),
                  uploaded.sha256(),
                  uploaded.chunks(),
                  Math.max(0, modifiedMillis),
                  1,
                  0)));
      bytes += size;
      return new FileSummary(path, size, uploaded.sha256(), uploaded.chunks());
    } finally {
      context.reads().release();
    }
  }

  /**
   * The path must be able to name a file, by the names as they are and by this put's other files.
   */
  private void checkFree(String path, List<String> segments)
      throws IOException, InterruptedException {
    if (segments.isEmpty()) {
      throw new NodeException(Problem.BAD_REQUEST, "/ is a folder");
    }
    if (operations.size() >= FILES_MAX) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "a put takes at most " + FILES_MAX + " files; commit and begin anew");
    }
    Namespace.Root root = context.namespace().root();
    for (int length = 1; length < segments.size(); length++) {
      List<String> above = segments.subList(0, length);
      String joined = Paths.join(above);
      if (operations.containsKey(joined)
          || context.namespace().find(root, above).orElse(null) instanceof Node.FileNode) {
        throw new NodeException(Problem.ALREADY_EXISTS, joined + " is a file, not a folder");
      }
    }
    String below = operations.ceilingKey(path + "/");
    if ((below != null && below.startsWith(path + "/"))
        || context.namespace().find(root, segments).orElse(null) instanceof Node.FolderNode) {
      throw new NodeException(Problem.ALREADY_EXISTS, path + " is a folder");
    }
  }

  @Override
  public long confirmedBytes() {
    return uploader.confirmedBytes();
  }

  @Override
  public PutSummary commit() throws IOException, InterruptedException {
    checkOpen();
    if (operations.isEmpty()) {
      close();
      return new PutSummary(0, 0, 0, 0, 0, context.mesh().ledger().view().height());
    }
    List<GroupResult> groups = uploader.finish();
    if (context.millis() - startedMillis > DURATION_MAX.toMillis()) {
      throw new NodeException(Problem.TIMED_OUT, "a put must end within a day");
    }
    PutRecord record =
        new PutRecord(
            putId,
            startedMillis,
            base,
            options.copies(),
            uploader.nextGroup(),
            new ArrayList<>(operations.values()),
            groups);
    context.commits().begin(record);
    handedOver = true;
    groups.forEach(context::announce);
    try {
      Commits.Done done = context.commits().commit(record, options.finalTimeout());
      done.groups().forEach(context::announce);
      return summary(done);
    } catch (IOException e) {
      throw context.unfinished(
          putId, "stored on " + copiesLeast(groups) + " peers, but not final", e);
    } finally {
      close();
    }
  }

  private PutSummary summary(Commits.Done done) {
    long stored = done.groups().stream().mapToLong(g -> g.stored().bytes()).sum();
    return new PutSummary(
        operations.size(),
        bytes,
        stored,
        done.groups().size(),
        copiesLeast(done.groups()),
        done.height());
  }

  private static int copiesLeast(List<GroupResult> groups) {
    return groups.stream().mapToInt(g -> g.receipts().size()).min().orElse(0);
  }

  private void checkOpen() throws NodeException {
    if (closed) {
      throw new NodeException(Problem.BAD_REQUEST, "the put is over");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    uploader.close();
    context.over(putId, handedOver ? Optional.empty() : Optional.of(uploader.nextGroup()));
  }
}
