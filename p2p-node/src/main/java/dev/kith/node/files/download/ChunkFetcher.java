package dev.kith.node.files.download;

import dev.kith.dht.blockstore.StoredChunk;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.content.ChunkRef;
import dev.kith.node.files.mesh.Holders;
import dev.kith.node.files.mesh.Mesh;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets sealed chunks, or frames of them: from this device where it is a holder, else from others,
 * the quickest first, and another one as well when that takes too long. What it returns was checked
 * against the chunk's id. Thread-safe.
 */
public final class ChunkFetcher implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkFetcher.class);

  /** Of several holders that are about as quick, any may be asked, so that all share the work. */
  private static final Duration EQUAL = Duration.ofMillis(2);

  private final Mesh mesh;
  private final Holders holders;
  private final Bytes owner;
  private final FetchPool pool;

  /** What is wanted of a chunk: frames [first, first + count). */
  record Wanted(ChunkId chunk, GroupId group, int sealedBytes, int first, int count) {
    boolean whole() {
      return first == 0 && count == Frames.countOfSealed(sealedBytes);
    }

    /** The bytes that are wanted. */
    int length() {
      int from = first * Frames.SEALED_BYTES;
      return Math.min(sealedBytes, from + count * Frames.SEALED_BYTES) - from;
    }
  }

  public ChunkFetcher(Mesh mesh, Holders holders, Bytes owner) {
    this.mesh = mesh;
    this.holders = holders;
    this.owner = owner;
    this.pool = new FetchPool(mesh);
  }

  /** A whole sealed chunk at the start of an array of the mesh's buffers, to be given back. */
  byte[] fetch(ChunkRef ref) throws IOException, InterruptedException {
    int sealed = ref.key().sealedBytes();
    return fetch(ref, 0, Frames.countOfSealed(sealed));
  }

  /** Frames [first, first + count) likewise. */
  byte[] fetch(ChunkRef ref, int first, int count) throws IOException, InterruptedException {
    Wanted wanted =
        new Wanted(ref.id(), ref.group().id(owner), ref.key().sealedBytes(), first, count);
    Optional<byte[]> local = readLocal(wanted);
    if (local.isPresent()) {
      return local.get();
    }
    List<PeerId> mapped = holders.mapped(wanted.group());
    HedgedFetch fetch = new HedgedFetch(this, mesh, wanted);
    Optional<byte[]> found = fetch.from(ordered(mapped));
    if (found.isEmpty()) {
      found = fetch.from(ordered(holders.announced(wanted.group())));
    }
    return found.orElseThrow(() -> failure(wanted, fetch));
  }

  private List<PeerId> ordered(List<PeerId> peers) {
    List<PeerId> others = new ArrayList<>(peers);
    others.remove(mesh.self());
    Collections.shuffle(others);
    others.sort(Comparator.comparingLong(p -> mesh.health().expected(p).dividedBy(EQUAL)));
    return others;
  }

  /** Asks one holder. */
  byte[] fetchFrom(PeerId holder, Wanted wanted) throws IOException, InterruptedException {
    return wanted.whole()
        ? pool.to(holder).fetch(wanted.chunk(), wanted.sealedBytes(), Mesh.STALL_TIMEOUT)
        : pool.to(holder)
            .fetchFrames(
                wanted.chunk(),
                wanted.sealedBytes(),
                wanted.first(),
                wanted.count(),
                Mesh.STALL_TIMEOUT);
  }

  private Optional<byte[]> readLocal(Wanted wanted) {
    try {
      Optional<StoredChunk> found = mesh.store().open(wanted.chunk());
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try (StoredChunk stored = found.get()) {
        return Optional.of(readChecked(stored, wanted));
      }
    } catch (IOException e) {
      LOG.warn("{} is taken from others, as this device failed: {}", wanted.chunk(), e.toString());
      return Optional.empty();
    }
  }

  /**
   * Frames are checked against the leaf hashes beside them, and those against the id, which is as
   * good as a path and needs no other frame.
   */
  private byte[] readChecked(StoredChunk stored, Wanted wanted) throws IOException {
    if (stored.length() != wanted.sealedBytes()) {
      throw new DamagedChunkException(wanted.chunk() + " has another length on this device");
    }
    byte[] buffer = mesh.buffers().take(wanted.length());
    boolean sound = false;
    try {
      stored.read(wanted.first() * Frames.SEALED_BYTES, buffer, 0, wanted.length());
      SealedChunk frames = SealedChunk.of(buffer, wanted.length());
      sound =
          wanted.whole()
              ? frames.id().equals(wanted.chunk())
              : frames.provenBy(stored.leaves(), wanted.first(), wanted.chunk());
    } finally {
      if (!sound) {
        mesh.buffers().give(buffer);
      }
    }
    if (!sound) {
      throw new DamagedChunkException(wanted.chunk() + " is damaged on this device");
    }
    return buffer;
  }

  private static NodeException failure(Wanted wanted, HedgedFetch fetch) {
    LOG.warn("{} of {} cannot be had: {}", wanted.chunk(), wanted.group(), fetch.failures());
    if (fetch.sawDamage()) {
      return new NodeException(
          Problem.DATA_CORRUPT, wanted.chunk() + ": what holders returned is damaged (kith logs)");
    }
    String why =
        switch (fetch.holdersTried()) {
          case 0 -> "no peer is known to hold it";
          case 1 -> "its only holder is away or has lost it";
          default -> "all of its " + fetch.holdersTried() + " holders are away or have lost it";
        };
    return new NodeException(
        Problem.DATA_UNREACHABLE, wanted.chunk() + " cannot be had: " + why + " (kith logs)");
  }

  @Override
  public void close() {
    pool.close();
  }
}
