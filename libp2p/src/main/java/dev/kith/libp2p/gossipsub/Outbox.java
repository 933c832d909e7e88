package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcCodec;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be sent to one peer, in three lanes: control first, then messages, then gossip and
 * what was asked for. Thread-safe; adding never blocks.
 *
 * <p>Each lane is bounded. Control is, by the number of topics: what is said later of a topic takes
 * the place of what was said before, as only the last word counts. An IHAVE takes the place of the
 * one before in the same way, since it tells of the same messages and more. Messages beyond the
 * bound are dropped and counted: the peer is slow, and can still ask for them.
 */
final class Outbox {
  static final int MESSAGES_MAX = 512;
  static final int BYTES_MAX = 8 << 20;
  static final int ANSWERS_MAX = 512;
  static final int ANSWERS_BYTES_MAX = 4 << 20;

  /** Ids of IWANT and of IDONTWANT that wait. */
  static final int IDS_MAX = 10_000;

  /** Frames are put together up to about this size, so that small ones share a write. */
  private static final int WRITE_BYTES = 64 << 10;

  /** Ids in one RPC, well below what any peer reads. */
  private static final int RPC_IDS = 2_000;

  /** Other control in one RPC; a PRUNE may name sixteen peers with their addresses. */
  private static final int RPC_CONTROLS = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Map<String, RpcPart> subscriptions = new LinkedHashMap<>();
  private final Map<String, RpcPart> mesh = new LinkedHashMap<>();
  private final Set<MessageId> dontWants = new LinkedHashSet<>();
  private final Lane messages = new Lane(MESSAGES_MAX, BYTES_MAX);
  private final Map<String, RpcPart> ihaves = new LinkedHashMap<>();
  private final Set<MessageId> iwants = new LinkedHashSet<>();
  private final Lane answers = new Lane(ANSWERS_MAX, ANSWERS_BYTES_MAX);
  private final Condition emptied = lock.newCondition();
  private boolean idle;
  private boolean closed;

  /** Messages in order, each once. */
  private static final class Lane {
    private final LinkedHashMap<MessageId, PubsubMessage> waiting = new LinkedHashMap<>();
    private final int max;
    private final long bytesMax;
    private long bytes;

    Lane(int max, long bytesMax) {
      this.max = max;
      this.bytesMax = bytesMax;
    }

    /** One message always fits, however long it is. */
    boolean add(MessageId id, PubsubMessage message) {
      boolean full = waiting.size() >= max || bytes + message.bytes() > bytesMax;
      if (full && !waiting.isEmpty()) {
        return waiting.containsKey(id);
      }
      if (waiting.putIfAbsent(id, message) == null) {
        bytes += message.bytes();
      }
      return true;
    }

    void remove(MessageId id) {
      PubsubMessage removed = waiting.remove(id);
      if (removed != null) {
        bytes -= removed.bytes();
      }
    }

    void drain(List<byte[]> frames) {
      int taken = 0;
      while (!waiting.isEmpty() && taken < WRITE_BYTES) {
        PubsubMessage message = waiting.pollFirstEntry().getValue();
        bytes -= message.bytes();
        taken += message.frame().length;
        frames.add(message.frame());
      }
    }
  }

  /** False where it had to be dropped. */
  boolean add(RpcPart part) {
    lock.lock();
    try {
      filled.signal();
      return switch (part) {
        case RpcPart.Subscribe subscribe -> replace(subscriptions, subscribe.topic(), part);
        case RpcPart.Unsubscribe unsubscribe -> replace(subscriptions, unsubscribe.topic(), part);
        case RpcPart.Graft graft -> replace(mesh, graft.topic(), part);
        case RpcPart.Prune prune -> replace(mesh, prune.topic(), part);
        case RpcPart.IHave ihave -> replace(ihaves, ihave.topic(), part);
        case RpcPart.IWant iwant -> addAll(iwants, iwant.ids());
        case RpcPart.IDontWant dontWant -> addAll(dontWants, dontWant.ids());
        case RpcPart.Publish publish ->
            throw new IllegalArgumentException("part: a message: " + publish.message());
      };
    } finally {
      lock.unlock();
    }
  }

  private static boolean replace(Map<String, RpcPart> lane, String topic, RpcPart part) {
    lane.put(topic, part);
    return true;
  }

  private static boolean addAll(Set<MessageId> lane, List<MessageId> ids) {
    return lane.size() + ids.size() <= IDS_MAX && lane.addAll(ids);
  }

  /** False where it had to be dropped. */
  boolean add(MessageId id, PubsubMessage message) {
    return add(messages, id, message);
  }

  /** As {@link #add}, for a message that the peer asked for. */
  boolean answer(MessageId id, PubsubMessage message) {
    return add(answers, id, message);
  }

  private boolean add(Lane lane, MessageId id, PubsubMessage message) {
    lock.lock();
    try {
      filled.signal();
      return lane.add(id, message);
    } finally {
      lock.unlock();
    }
  }

  /** The peer does not want a message that waits here. */
  void withdraw(MessageId id) {
    lock.lock();
    try {
      messages.remove(id);
      answers.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** What is to be written next; empty once it is closed. Blocks. */
  List<byte[]> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      List<byte[]> frames = new ArrayList<>();
      while (!closed) {
        drain(frames);
        if (!frames.isEmpty()) {
          idle = false;
          return frames;
        }
        idle = true;
        emptied.signalAll();
        filled.await();
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that was added before is written, as whoever writes it has come back for more.
   * False where the time runs out, or this is closed.
   */
  boolean awaitWritten(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!closed && (!idle || !empty())) {
        if (left <= 0) {
          return false;
        }
        left = emptied.awaitNanos(left);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean empty() {
    return subscriptions.isEmpty()
        && mesh.isEmpty()
        && dontWants.isEmpty()
        && messages.waiting.isEmpty()
        && ihaves.isEmpty()
        && iwants.isEmpty()
        && answers.waiting.isEmpty();
  }

  private void drain(List<byte[]> frames) {
    List<RpcPart> control = new ArrayList<>();
    control.addAll(subscriptions.values());
    control.addAll(mesh.values());
    subscriptions.clear();
    mesh.clear();
    if (!dontWants.isEmpty()) {
      control.add(new RpcPart.IDontWant(takeIds(dontWants)));
    }
    for (int from = 0; from < control.size(); from += RPC_CONTROLS) {
      int to = Math.min(control.size(), from + RPC_CONTROLS);
      frames.add(RpcCodec.encode(control.subList(from, to)));
    }
    messages.drain(frames);
    if (!frames.isEmpty()) {
      return;
    }
    if (!iwants.isEmpty()) {
      frames.add(RpcCodec.encode(List.of(new RpcPart.IWant(takeIds(iwants)))));
    }
    if (!ihaves.isEmpty()) {
      String topic = ihaves.keySet().iterator().next();
      RpcPart ihave = ihaves.remove(topic);
      if (ihave != null) {
        frames.add(RpcCodec.encode(List.of(ihave)));
      }
    }
    answers.drain(frames);
  }

  private static List<MessageId> takeIds(Set<MessageId> ids) {
    List<MessageId> taken = ids.stream().limit(RPC_IDS).toList();
    taken.forEach(ids::remove);
    return taken;
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
      emptied.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
