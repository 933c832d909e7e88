package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.identity.PeerId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * What peers told of and were asked for. A message that then comes from nobody was a false promise
 * (gossipsub 1.1, spam protection). One id is tracked for each IHAVE that is answered.
 */
final class Promises {
  private final Map<MessageId, Map<PeerId, Long>> promises = new LinkedHashMap<>();

  void add(MessageId id, PeerId peer, long deadline) {
    promises.computeIfAbsent(id, i -> new LinkedHashMap<>(2)).putIfAbsent(peer, deadline);
  }

  /** The message came, from whomever. */
  void fulfil(MessageId id) {
    promises.remove(id);
  }

  /** Forgets the promises that were broken, and tells how many each peer broke. */
  void expire(long now, ObjIntConsumer<PeerId> broken) {
    Map<PeerId, Integer> counts = new HashMap<>();
    for (Iterator<Map<PeerId, Long>> i = promises.values().iterator(); i.hasNext(); ) {
      Map<PeerId, Long> byPeer = i.next();
      byPeer
          .entrySet()
          .removeIf(
              promise -> {
                boolean expired = promise.getValue() - now <= 0;
                if (expired) {
                  counts.merge(promise.getKey(), 1, Integer::sum);
                }
                return expired;
              });
      if (byPeer.isEmpty()) {
        i.remove();
      }
    }
    counts.forEach(broken::accept);
  }
}
