package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages that came lately, what became of them, and who sent them in time. */
final class SeenMessages {
  enum Status {
    PENDING,
    ACCEPTED,
    REJECTED,
    IGNORED
  }

  static final class Seen {
    final long seenNanos;
    Status status = Status.PENDING;
    long decidedNanos;

    /** Who sent it, the first one first: of no use once copies are late. */
    List<PeerId> sources;

    Seen(long now, List<PeerId> sources) {
      this.seenNanos = now;
      this.sources = new ArrayList<>(sources);
    }

    void decide(Status decided, long now) {
      status = decided;
      decidedNanos = now;
    }
  }

  private final long lifetimeNanos;
  private final int max;
  private final LinkedHashMap<MessageId, Seen> seen = new LinkedHashMap<>();

  SeenMessages(GossipParams params) {
    this.lifetimeNanos = params.seenLifetime().toNanos();
    this.max = params.seenMax();
  }

  @Nullable Seen get(MessageId id) {
    return seen.get(id);
  }

  Seen add(MessageId id, long now, List<PeerId> sources) {
    Seen entry = new Seen(now, sources);
    seen.put(id, entry);
    if (seen.size() > max) {
      seen.pollFirstEntry();
    }
    return entry;
  }

  void expire(long now) {
    while (!seen.isEmpty() && now - seen.firstEntry().getValue().seenNanos > lifetimeNanos) {
      seen.pollFirstEntry();
    }
  }
}
