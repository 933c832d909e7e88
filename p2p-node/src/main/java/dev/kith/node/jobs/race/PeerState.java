package dev.kith.node.jobs.race;

import dev.kith.libp2p.identity.PeerId;

/** What the race knows of one peer. */
final class PeerState {
  private static final double DECAY = 0.8;

  final PeerId peer;
  private int capacity;

  /** Up to the capacity; less after the peer said busy, since others use it too. */
  private int allowed;

  private int inFlight;
  private long restUntil = Long.MIN_VALUE;
  private long lostRest;
  private long busyRest;
  private boolean unreachable;
  private double answerMillis;
  private boolean gone;

  PeerState(PeerId peer, int capacity) {
    this.peer = peer;
    this.capacity = capacity;
    this.allowed = capacity;
  }

  void capacity(int newCapacity) {
    if (newCapacity > capacity) {
      allowed += newCapacity - capacity;
    }
    capacity = newCapacity;
    allowed = Math.min(allowed, capacity);
    gone = false;
  }

  /** No candidate any more. */
  void leave() {
    gone = true;
  }

  /** Whether it counts as a racer now, with or without room. */
  boolean present(long now) {
    return !gone && now >= restUntil;
  }

  boolean gone() {
    return gone;
  }

  /** Whether its last attempt was lost and it has not answered since. */
  boolean unreachable() {
    return unreachable;
  }

  boolean room(long now) {
    return present(now) && inFlight < allowed;
  }

  double load() {
    return (double) inFlight / capacity;
  }

  double answerMillis() {
    return answerMillis;
  }

  void started() {
    inFlight++;
  }

  /** It was heard of: it answered, or reported a failure of the program. */
  void heard(long tookMillis) {
    ended();
    answerMillis = answerMillis == 0 ? tookMillis : DECAY * answerMillis + (1 - DECAY) * tookMillis;
    lostRest = 0;
    busyRest = 0;
    unreachable = false;
  }

  /** An attempt ended without saying anything about the peer. */
  void ended() {
    inFlight--;
    allowed = Math.min(capacity, allowed + 1);
  }

  void lost(long now) {
    inFlight--;
    unreachable = true;
    // Attempts that are lost together, as when the peer dies, count once.
    if (now >= restUntil) {
      lostRest =
          lostRest == 0
              ? RaceSettings.LOST_MILLIS
              : Math.min(2 * lostRest, RaceSettings.LOST_MILLIS_MAX);
    }
    restUntil = Math.max(restUntil, now + lostRest);
  }

  /** Its worker died: it is there, but may be in trouble, so it rests as one that was lost. */
  void workerLost(long now) {
    lost(now);
    unreachable = false;
  }

  void busy(long now) {
    inFlight--;
    allowed = Math.max(1, inFlight);
    if (now >= restUntil) {
      busyRest =
          busyRest == 0
              ? RaceSettings.BUSY_MILLIS
              : Math.min(2 * busyRest, RaceSettings.BUSY_MILLIS_MAX);
    }
    restUntil = Math.max(restUntil, now + busyRest);
  }
}
