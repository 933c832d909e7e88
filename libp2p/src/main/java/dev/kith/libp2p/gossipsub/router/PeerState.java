package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.identity.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A connected peer that speaks gossipsub. Equal only to itself: sets of them are quick. */
final class PeerState {
  /** Topics of a peer that are remembered. */
  static final int TOPICS_MAX = 1_024;

  final PeerId id;
  final Version version;

  /** Whether it was dialled from here: an attacker cannot make us dial. */
  final boolean outbound;

  final boolean direct;

  /** What it wants messages of. */
  final Set<String> topics = new LinkedHashSet<>();

  /** In this heartbeat: IHAVEs that came, ids that it was asked for, ids that it does not want. */
  int ihaves;

  int asked;
  private int dontWants;

  /** What it does not want, with the heartbeat in which it said so. */
  private final LinkedHashMap<MessageId, Long> unwanted = new LinkedHashMap<>();

  PeerState(PeerId id, Version version, boolean outbound, boolean direct) {
    this.id = id;
    this.version = version;
    this.outbound = outbound;
    this.direct = direct;
  }

  /** Whether there was room for it. */
  boolean doesNotWant(MessageId message, long heartbeat, int max) {
    if (dontWants >= max) {
      return false;
    }
    dontWants++;
    unwanted.putLast(message, heartbeat);
    return true;
  }

  boolean wants(MessageId message) {
    return !unwanted.containsKey(message);
  }

  void asksFor(MessageId message) {
    unwanted.remove(message);
  }

  void heartbeat(long heartbeat, int keptHeartbeats) {
    ihaves = 0;
    asked = 0;
    dontWants = 0;
    for (Iterator<Map.Entry<MessageId, Long>> i = unwanted.entrySet().iterator(); i.hasNext(); ) {
      if (heartbeat - i.next().getValue() < keptHeartbeats) {
        return;
      }
      i.remove();
    }
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
