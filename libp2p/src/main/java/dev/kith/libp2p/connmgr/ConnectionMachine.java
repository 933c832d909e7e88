package dev.kith.libp2p.connmgr;

import dev.kith.libp2p.connmgr.ConnectionDecision.ArmTimer;
import dev.kith.libp2p.connmgr.ConnectionDecision.Close;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which connections to close. It knows them by number, sees no socket and no clock: times
 * are nanoseconds of any monotonic clock. Not thread-safe.
 *
 * <p>A trim that cannot reach the low-water mark, as too many connections are young or protected,
 * is repeated after the silence period for as long as the high one is exceeded. While it is not, no
 * timer runs.
 */
final class ConnectionMachine {
  /** Peers without a connection whose tags are kept. */
  static final int ABSENT_MAX = 4_096;

  /** Peers that are protected at one time. */
  static final int PROTECTED_MAX = 65_536;

  private final WaterMarks marks;
  private final Map<Long, Known> connections = new LinkedHashMap<>();
  private final Map<PeerId, Integer> connected = new HashMap<>();

  /** The least recently tagged first. */
  private final LinkedHashMap<PeerId, PeerTags> tags = new LinkedHashMap<>(16, 0.75f, true);

  private int guarded;
  private boolean trimmedBefore;
  private long trimmedAt;

  private record Known(long id, PeerId peer, boolean outbound, Activity activity, long openedAt) {}

  /** A connection that may be closed, with all that its place depends on read once. */
  private record Candidate(Known known, int value, boolean idle, long activeNanos) {
    static final Comparator<Candidate> WORST_FIRST =
        Comparator.comparingInt(Candidate::value)
            .thenComparing(candidate -> !candidate.idle())
            .thenComparingLong(Candidate::activeNanos)
            .thenComparing(candidate -> candidate.known().outbound())
            .thenComparingLong(candidate -> candidate.known().id());
  }

  ConnectionMachine(WaterMarks marks) {
    this.marks = marks;
  }

  // ---- connections ----

  List<ConnectionDecision> opened(
      long id, PeerId peer, boolean outbound, Activity activity, long now) {
    connections.put(id, new Known(id, peer, outbound, activity, now));
    connected.merge(peer, 1, Integer::sum);
    return tick(now);
  }

  void closed(long id) {
    Known known = connections.remove(id);
    if (known != null) {
      connected.computeIfPresent(known.peer(), (_, count) -> count == 1 ? null : count - 1);
      forgetAbsent();
    }
  }

  /** To be called when a timer is due; earlier calls do no harm. */
  List<ConnectionDecision> tick(long now) {
    if (connections.size() <= marks.high()) {
      return List.of();
    }
    long next = trimmedAt + marks.silence().toNanos();
    if (trimmedBefore && now - next < 0) {
      return List.of(new ArmTimer(next));
    }
    return trim(now);
  }

  /** Closes down to the low-water mark, whatever the time of the last trim. */
  List<ConnectionDecision> trim(long now) {
    trimmedBefore = true;
    trimmedAt = now;
    int surplus = connections.size() - marks.low();
    List<Candidate> candidates = new ArrayList<>();
    for (Known known : surplus > 0 ? connections.values() : List.<Known>of()) {
      if (now - known.openedAt() >= marks.grace().toNanos() && !isProtected(known.peer())) {
        Activity activity = known.activity();
        candidates.add(
            new Candidate(
                known, value(known.peer(), now), activity.streams() == 0, activity.activeNanos()));
      }
    }
    candidates.sort(Candidate.WORST_FIRST);
    List<ConnectionDecision> out = new ArrayList<>();
    int left = connections.size();
    for (Candidate candidate : candidates) {
      if (left == marks.low()) {
        break;
      }
      out.add(new Close(candidate.known().id(), candidate.known().peer()));
      left--;
    }
    if (left > marks.high()) {
      out.add(new ArmTimer(now + marks.silence().toNanos()));
    }
    return out;
  }

  int connections() {
    return connections.size();
  }

  // ---- what peers are worth ----

  private PeerTags of(PeerId peer) {
    PeerTags known = tags.get(peer);
    if (known == null) {
      known = new PeerTags();
      tags.put(peer, known);
      forgetAbsent();
    }
    return known;
  }

  void tag(PeerId peer, String tag, int weight) {
    of(peer).tag(tag, weight);
  }

  void untag(PeerId peer, String tag) {
    PeerTags known = tags.get(peer);
    if (known != null) {
      known.untag(tag);
      dropIfEmpty(peer, known);
    }
  }

  void bump(PeerId peer, String tag, int delta, Duration halfLife, long now) {
    of(peer).bump(tag, delta, Math.max(1, halfLife.toNanos()), now);
  }

  int value(PeerId peer, long now) {
    PeerTags known = tags.get(peer);
    return known == null ? 0 : known.value(now);
  }

  void protect(PeerId peer, String tag) {
    if (!isProtected(peer)) {
      if (guarded >= PROTECTED_MAX) {
        throw new IllegalArgumentException("peer: " + guarded + " are protected already");
      }
      guarded++;
    }
    of(peer).protect(tag);
  }

  /** Returns whether the peer is still protected. */
  boolean unprotect(PeerId peer, String tag) {
    PeerTags known = tags.get(peer);
    if (known == null || !known.isProtected()) {
      return false;
    }
    known.unprotect(tag);
    boolean still = known.isProtected();
    if (!still) {
      guarded--;
      dropIfEmpty(peer, known);
    }
    return still;
  }

  boolean isProtected(PeerId peer) {
    PeerTags known = tags.get(peer);
    return known != null && known.isProtected();
  }

  private void dropIfEmpty(PeerId peer, PeerTags known) {
    if (known.isEmpty()) {
      tags.remove(peer);
    }
  }

  /** Peers that are here, and those that are protected, keep what they have. */
  private void forgetAbsent() {
    if (tags.size() <= ABSENT_MAX + connected.size() + guarded) {
      return;
    }
    Iterator<Map.Entry<PeerId, PeerTags>> eldest = tags.entrySet().iterator();
    while (eldest.hasNext() && tags.size() > ABSENT_MAX + connected.size() + guarded) {
      Map.Entry<PeerId, PeerTags> entry = eldest.next();
      if (entry.getValue().isProtected()) {
        entry.getValue().fade();
      } else if (!connected.containsKey(entry.getKey())) {
        eldest.remove();
      }
    }
  }

  int taggedPeers() {
    return tags.size();
  }
}
