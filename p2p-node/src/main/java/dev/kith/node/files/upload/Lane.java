package dev.kith.node.files.upload;

import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.transfer.GroupUpload;
import dev.kith.dht.transfer.RefusedException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one group to one holder, on a virtual thread of its own. */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final long IDLE_MILLIS = Duration.ofSeconds(30).toMillis();

  private final GroupSend group;
  private final Mesh mesh;
  private final PeerId holder;
  private final GroupId id;
  private final long roomBytes;
  private final Thread thread;

  // Guarded by the group.
  private int next;
  private boolean inStep;

  Lane(GroupSend group, Mesh mesh, PeerId holder, GroupId id, long roomBytes, boolean inStep) {
    this.roomBytes = roomBytes;
    this.group = group;
    this.mesh = mesh;
    this.holder = holder;
    this.id = id;
    this.inStep = inStep;
    this.thread = Thread.ofVirtual().name("lane").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** The first chunk that was not handed to the stream yet. */
  int next() {
    return next;
  }

  boolean inStep() {
    return inStep;
  }

  void fallOutOfStep() {
    inStep = false;
  }

  private void run() {
    mesh.health().began(holder);
    long start = System.nanoTime();
    try (GroupUpload upload =
        GroupUpload.open(
            mesh.host(), holder, mesh.storeProtocol(), id, roomBytes, Mesh.STALL_TIMEOUT)) {
      mesh.health().answered(holder, Duration.ofNanos(System.nanoTime() - start));
      mesh.health().began(holder);
      Optional<Bytes> receipt = send(upload);
      mesh.health().dropped(holder);
      receipt.ifPresent(signature -> group.committed(holder, signature));
    } catch (InterruptedException e) {
      mesh.health().dropped(holder);
    } catch (RefusedException e) {
      // It is well, and says no.
      mesh.health().dropped(holder);
      group.failed(holder, e);
    } catch (IOException e) {
      mesh.health().failed(holder);
      group.failed(holder, e);
    } catch (RuntimeException e) {
      // A lane that ended without a word would be waited for for ever.
      LOG.error("the sending of {} to {} failed", id, holder, e);
      mesh.health().dropped(holder);
      group.failed(holder, new IOException(e));
    }
  }

  /** The checked receipt, or empty when the group was abandoned. */
  private Optional<Bytes> send(GroupUpload upload) throws IOException, InterruptedException {
    int index = 0;
    while (true) {
      switch (group.next(index, IDLE_MILLIS)) {
        case GroupSend.Step.Send step -> {
          sendChunk(upload, step);
          index++;
          synchronized (group) {
            next = index;
          }
        }
        case GroupSend.Step.Idle _ -> upload.keepAlive();
        case GroupSend.Step.GiveUp _ -> {
          return Optional.empty();
        }
        case GroupSend.Step.Commit commit -> {
          StoredGroup stored = commit.group();
          Bytes receipt = upload.commit(stored.root(), stored.bytes(), stored.chunks());
          if (!mesh.isReceipt(holder, stored, receipt)) {
            throw new ProtocolViolationException(holder + " signed something else");
          }
          return Optional.of(receipt);
        }
      }
    }
  }

  private void sendChunk(GroupUpload upload, GroupSend.Step.Send step)
      throws IOException, InterruptedException {
    Optional<ChunkWindow.Slot> slot = group.window().use(step.index());
    if (slot.isPresent()) {
      try {
        upload.send(slot.get().chunk());
      } finally {
        group.window().giveBack(slot.get());
      }
      return;
    }
    byte[] data = mesh.buffers().take(step.length());
    try {
      group.read(step.index(), data);
      upload.send(step.id(), data, step.length());
    } finally {
      mesh.buffers().give(data);
    }
  }
}
