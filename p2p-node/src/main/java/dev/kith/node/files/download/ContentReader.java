package dev.kith.node.files.download;

import dev.kith.dht.chunk.ChunkOpener;
import dev.kith.dht.chunk.Codec;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.Sha256;
import dev.kith.node.NodeException;
import dev.kith.node.files.content.ChunkLoader;
import dev.kith.node.files.content.ChunkRef;
import dev.kith.node.files.content.Content;
import dev.kith.node.files.content.ContentCursor;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Writes the plaintext of a content, or of a range of it, to a stream: chunks are fetched ahead in
 * parallel and written in order. Of a range only the frames that it touches are fetched.
 * Thread-safe.
 */
public final class ContentReader implements ChunkLoader, AutoCloseable {
  /** Plaintext that is fetched ahead of the writer, for one transfer. */
  public static final long AHEAD_BYTES_MAX = 12L << 20;

  /** Chunks likewise. */
  public static final int AHEAD_CHUNKS_MAX = 16;

  /** Plaintext that all transfers fetch ahead; each may have one chunk beyond it. */
  public static final long AHEAD_BYTES_ALL = 36L << 20;

  private final Mesh mesh;
  private final ChunkFetcher fetcher;
  private final ChunkOpener opener;
  private final Budget budget = new Budget(AHEAD_BYTES_ALL);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("get-", 0).factory());

  /** Plaintext in an array of the buffers'. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Plain(byte[] buffer, int offset, int length) {}

  /**
   * A chunk that is being fetched.
   *
   * @param budgeted what it takes of the budget
   */
  private record Ahead(Future<Plain> plain, int length, long budgeted) {}

  public ContentReader(Mesh mesh, ChunkFetcher fetcher) {
    this.mesh = mesh;
    this.fetcher = fetcher;
    this.opener = new ChunkOpener(mesh.buffers());
  }

  @Override
  public Bytes load(ChunkRef ref) throws IOException, InterruptedException {
    Plain plain = open(ref, 0, ref.key().plainBytes());
    try {
      return Bytes.wrap(
          Arrays.copyOfRange(plain.buffer(), plain.offset(), plain.offset() + plain.length()));
    } finally {
      mesh.buffers().give(plain.buffer());
    }
  }

  /** The whole of a small content, such as a folder object. */
  public Bytes read(Content content) throws IOException, InterruptedException {
    java.io.ByteArrayOutputStream out =
        new java.io.ByteArrayOutputStream(Math.toIntExact(content.size()));
    transfer(content, 0, content.size(), out);
    return Bytes.wrap(out.toByteArray());
  }

  /**
   * Writes the bytes [offset, offset + length), and returns their SHA-256. Interruption ends it.
   *
   * @throws NodeException DATA_UNREACHABLE or DATA_CORRUPT when a chunk cannot be had; what was
   *     written before is sound
   */
  public Bytes32 transfer(Content content, long offset, long length, OutputStream out)
      throws IOException, InterruptedException {
    long end = Math.addExact(offset, length);
    MessageDigest sha = Sha256.create();
    ContentCursor cursor = new ContentCursor(content, this, offset, end);
    ArrayDeque<Ahead> ahead = new ArrayDeque<>();
    long aheadBytes = 0;
    try {
      Optional<ContentCursor.Piece> next = cursor.next();
      while (next.isPresent() || !ahead.isEmpty()) {
        while (next.isPresent() && mayFetch(next.get(), ahead, aheadBytes)) {
          ahead.add(fetch(next.get(), offset, end, !ahead.isEmpty()));
          aheadBytes += ahead.getLast().length();
          next = cursor.next();
        }
        Ahead first = ahead.remove();
        aheadBytes -= first.length();
        try {
          write(first.plain(), sha, out);
        } finally {
          budget.give(first.budgeted());
        }
      }
    } finally {
      ahead.forEach(this::abandon);
    }
    return Bytes32.wrap(sha.digest());
  }

  /** Takes from the budget where it says yes, but for the chunk that is needed next. */
  private boolean mayFetch(ContentCursor.Piece piece, ArrayDeque<Ahead> ahead, long aheadBytes) {
    return ahead.isEmpty()
        || (ahead.size() < AHEAD_CHUNKS_MAX
            && aheadBytes + piece.ref().span() <= AHEAD_BYTES_MAX
            && budget.take(piece.ref().span()));
  }

  private Ahead fetch(ContentCursor.Piece piece, long offset, long end, boolean budgeted) {
    int from = (int) Math.max(0, offset - piece.start());
    int to = (int) Math.min(piece.ref().span(), end - piece.start());
    return new Ahead(
        threads.submit(() -> open(piece.ref(), from, to)),
        to - from,
        budgeted ? piece.ref().span() : 0);
  }

  private void write(Future<Plain> fetched, MessageDigest sha, OutputStream out)
      throws IOException, InterruptedException {
    Plain plain;
    try {
      plain = fetched.get();
    } catch (ExecutionException e) {
      throw rethrown(e);
    } catch (InterruptedException e) {
      fetched.cancel(true);
      throw e;
    }
    try {
      sha.update(plain.buffer(), plain.offset(), plain.length());
      out.write(plain.buffer(), plain.offset(), plain.length());
    } finally {
      mesh.buffers().give(plain.buffer());
    }
  }

  private void abandon(Ahead ahead) {
    budget.give(ahead.budgeted());
    if (!ahead.plain().cancel(true) && ahead.plain().state() == Future.State.SUCCESS) {
      mesh.buffers().give(ahead.plain().resultNow().buffer());
    }
  }

  private static IOException rethrown(ExecutionException failed) throws InterruptedException {
    return switch (failed.getCause()) {
      case InterruptedException e -> throw e;
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case null, default -> throw new IllegalStateException(failed);
    };
  }

  /** The plaintext bytes [from, to) of a chunk. */
  private Plain open(ChunkRef ref, int from, int to) throws IOException, InterruptedException {
    if (ref.key().codec() == Codec.RAW && (from > 0 || to < ref.key().plainBytes())) {
      int first = from / Frames.PAYLOAD_BYTES;
      int count = (to - 1) / Frames.PAYLOAD_BYTES + 1 - first;
      byte[] sealed = fetcher.fetch(ref, first, count);
      byte[] plain = mesh.buffers().take(count * Frames.PAYLOAD_BYTES);
      try {
        opener.openFrames(ref.key(), first, count, sealed, plain);
      } finally {
        mesh.buffers().give(sealed);
      }
      return new Plain(plain, from - first * Frames.PAYLOAD_BYTES, to - from);
    }
    byte[] sealed = fetcher.fetch(ref);
    byte[] plain = mesh.buffers().take(ref.key().plainBytes());
    try {
      opener.open(ref.key(), sealed, plain);
    } finally {
      mesh.buffers().give(sealed);
    }
    return new Plain(plain, from, to - from);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    fetcher.close();
  }
}
