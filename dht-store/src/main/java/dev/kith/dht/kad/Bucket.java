package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Peers that share one prefix length with this peer, the one not heard of for the longest time
 * first, and a few that wait for a place.
 */
final class Bucket {
  private final int size;
  private final int replacementsMax;
  // Both in order of the last sign of life: a refreshed peer is taken out and put in again.
  private final LinkedHashMap<PeerId, Seat> seats = new LinkedHashMap<>();
  private final LinkedHashMap<PeerId, Contact> replacements = new LinkedHashMap<>();

  /** A peer's place; {@code failures} counts requests in a row that it left unanswered. */
  record Seat(Contact contact, KeyHash hash, Instant seen, int failures) {}

  Bucket(int size, int replacementsMax) {
    this.size = size;
    this.replacementsMax = replacementsMax;
  }

  boolean holds(PeerId peer) {
    return seats.containsKey(peer);
  }

  boolean full() {
    return seats.size() >= size;
  }

  boolean replacementWaits() {
    return !replacements.isEmpty();
  }

  /** Seats a peer, or moves it to the end as the one heard of last. */
  void seat(Contact contact, Instant now) {
    seats.remove(contact.id());
    replacements.remove(contact.id());
    seats.put(contact.id(), new Seat(contact, KeyHash.of(contact.id()), now, 0));
  }

  /** Moves a seated peer to the end; false where it has no seat. */
  boolean touch(PeerId peer, Instant now) {
    Seat seat = seats.remove(peer);
    if (seat == null) {
      return false;
    }
    seats.put(peer, new Seat(seat.contact(), seat.hash(), now, 0));
    return true;
  }

  /** Lets a peer wait for a place; the one that waited longest gives way. */
  void await(Contact contact) {
    replacements.remove(contact.id());
    replacements.put(contact.id(), contact);
    if (replacements.size() > replacementsMax) {
      Iterator<PeerId> oldest = replacements.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  Optional<Seat> oldest() {
    return seats.values().stream().findFirst();
  }

  /** Counts a failure; returns how many in a row there were, 0 for a peer without a seat. */
  int fail(PeerId peer) {
    Seat seat =
        seats.computeIfPresent(
            peer, (p, s) -> new Seat(s.contact(), s.hash(), s.seen(), s.failures() + 1));
    return seat == null ? 0 : seat.failures();
  }

  /** Takes a peer out, and seats the replacement heard of last. */
  void evict(PeerId peer, Instant now) {
    replacements.remove(peer);
    if (seats.remove(peer) == null) {
      return;
    }
    Map.Entry<PeerId, Contact> next = replacements.pollLastEntry();
    if (next != null) {
      // It is the oldest of the seated until it proves itself, so that it is probed first.
      seats.putFirst(next.getKey(), new Seat(next.getValue(), KeyHash.of(next.getKey()), now, 0));
    }
  }

  List<Seat> seats() {
    return new ArrayList<>(seats.values());
  }
}
