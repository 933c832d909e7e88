package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the last heartbeats, for those who ask for them (gossipsub 1.0, message cache).
 */
final class MessageCache {
  private static final class Entry {
    final PubsubMessage message;
    final Map<PeerId, Integer> sent = new HashMap<>(0);

    Entry(PubsubMessage message) {
      this.message = message;
    }
  }

  private final GossipParams params;

  /** The oldest first. */
  private final LinkedHashMap<MessageId, Entry> entries = new LinkedHashMap<>();

  /** The newest first. */
  private final Deque<List<MessageId>> windows = new ArrayDeque<>();

  private long bytes;

  MessageCache(GossipParams params) {
    this.params = params;
    windows.addFirst(new ArrayList<>());
  }

  void put(MessageId id, PubsubMessage message) {
    if (entries.putIfAbsent(id, new Entry(message)) != null) {
      return;
    }
    windows.getFirst().add(id);
    bytes += message.bytes();
    while (bytes > params.cacheBytesMax()) {
      remove(entries.firstEntry().getKey());
    }
  }

  /** A message for a peer that asks; null where it is not there, or was asked for too often. */
  @Nullable PubsubMessage forPeer(MessageId id, PeerId peer) {
    Entry entry = entries.get(id);
    if (entry == null || entry.sent.merge(peer, 1, Integer::sum) > params.retransmissions()) {
      return null;
    }
    return entry.message;
  }

  /** What to tell of, of a topic. */
  List<MessageId> gossip(String topic) {
    List<MessageId> ids = new ArrayList<>();
    int left = params.historyGossip();
    for (List<MessageId> window : windows) {
      if (left-- == 0) {
        break;
      }
      for (MessageId id : window) {
        Entry entry = entries.get(id);
        if (entry != null && entry.message.topic().equals(topic)) {
          ids.add(id);
        }
      }
    }
    return ids;
  }

  /** Begins a window; what was in the oldest one is forgotten. */
  void shift() {
    windows.addFirst(new ArrayList<>());
    if (windows.size() > params.historyLength()) {
      windows.removeLast().forEach(this::remove);
    }
  }

  private void remove(MessageId id) {
    Entry entry = entries.remove(id);
    if (entry != null) {
      bytes -= entry.message.bytes();
    }
  }
}
