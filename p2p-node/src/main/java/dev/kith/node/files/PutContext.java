package dev.kith.node.files;

import dev.kith.dht.chunk.Chunker;
import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.holder.HolderService;
import dev.kith.node.files.mesh.Candidates;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.upload.ChunkUploader;
import dev.kith.node.files.upload.GroupResult;
import dev.kith.node.files.upload.SealPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What puts share. Thread-safe. */
record PutContext(
    Mesh mesh,
    Candidates candidates,
    SealPool seals,
    OwnerSecrets secrets,
    Chunker chunker,
    Namespace namespace,
    PutJournal journal,
    Pins pins,
    Commits commits,
    Upkeep upkeep,
    HolderService holder,
    Semaphore reads,
    Path spoolFolder,
    InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(PutContext.class);

  /** Streams that are read and sealed at once; it bounds what puts take of the heap. */
  static final int READS_MAX = 4;

  /** Room that a holder of data must have. */
  static final long DATA_ROOM_BYTES = 16L << 20;

  /** Room that a holder of folder objects must have: little, so that full stores can be emptied. */
  static final long NAMES_ROOM_BYTES = 64L << 10;

  /** Folder objects have so many copies at least. */
  static final int NAMES_COPIES_MIN = 3;

  ChunkUploader dataUploader(Bytes putId, int copies) {
    return new ChunkUploader(
        mesh,
        candidates,
        seals,
        new ChunkUploader.Settings(
            putId,
            secrets.owner(),
            copies,
            0,
            DATA_ROOM_BYTES,
            spoolFolder,
            group -> opening(journal, pins, secrets.owner(), group)));
  }

  static void opening(PutJournal journal, Pins pins, Bytes owner, GroupName group)
      throws IOException {
    pins.put(group.putId(), group.id(owner));
    journal.sending(group.putId(), group.number());
  }

  /** Tells the DHT of a group if this device holds it. */
  void announce(GroupResult group) {
    if (group.receipts().containsKey(mesh.self())) {
      holder.holds(group.stored().group());
    }
  }

  /**
   * Milliseconds since 1970 by this device's clock or by the chain's, whichever is ahead: a device
   * that slept knows of the time that passed before its replica does, and one whose clock is behind
   * goes by the chain.
   */
  long millis() {
    return millis(mesh, clock);
  }

  static long millis(Mesh mesh, InstantSource clock) {
    return Math.max(clock.millis(), mesh.ledger().view().timeMillis());
  }

  /**
   * What the caller is told when a put or a removal did not become final: that it goes on by itself
   * exactly when the journal keeps it.
   *
   * @param state how far it is, for people
   */
  IOException unfinished(Bytes putId, String state, IOException e) throws IOException {
    if (!journal.holds(putId)) {
      return e;
    }
    return switch (e) {
      case LedgerStalledException _ ->
          goesOn(Problem.LEDGER_STALLED, state, "too few validators answer", e);
      case NodeException met -> goesOn(met.problem(), state, String.valueOf(met.getMessage()), e);
      default -> goesOn(Problem.INTERNAL, state, e.toString(), e);
    };
  }

  private static NodeException goesOn(Problem problem, String state, String why, IOException e) {
    return new NodeException(problem, state + ": " + why + "; it goes on by itself", e);
  }

  /**
   * A session is over.
   *
   * @param abandonedGroups how many groups it may have begun, where it was not journalled
   */
  void over(Bytes putId, Optional<Integer> abandonedGroups) {
    try {
      if (abandonedGroups.isPresent()) {
        deleteGroups(putId, abandonedGroups.get());
        journal.done(putId);
      }
      if (!journal.holds(putId)) {
        pins.releasePut(putId);
      }
    } catch (IOException e) {
      LOG.warn("what put {} left on this device could not be cleared away", putId, e);
    }
    upkeep.leave(putId);
    upkeep.changed();
  }

  void deleteGroups(Bytes putId, int count) throws IOException {
    for (int number = 0; number < count; number++) {
      GroupId group = new GroupName(putId, number).id(secrets.owner());
      mesh.store().delete(group);
    }
  }
}
