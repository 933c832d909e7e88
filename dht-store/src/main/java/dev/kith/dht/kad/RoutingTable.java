package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The peers that this one knows, k for each prefix length that they share with it, so that it knows
 * its own surroundings well and the rest of the space in outline (Kademlia paper, 2.2 and 2.4).
 *
 * <p>Only peers that answered, or that introduced themselves over a secured connection as servers
 * of the protocol, may be offered: names from other peers' answers are hearsay, and a table that
 * took them could be filled by one liar. A full bucket prefers the peers it has, for a peer that
 * has been up long is likely to stay; a newcomer waits while the oldest is pinged.
 *
 * <p>A machine without I/O: not thread-safe, the owner pings and reports back.
 */
final class RoutingTable {
  private final PeerId self;
  private final KeyHash selfHash;
  private final Limits limits;
  private final Bucket[] buckets = new Bucket[KeyHash.BITS];
  private final Set<PeerId> probing = new HashSet<>();
  private int size;

  /**
   * @param bucketSize k
   * @param replacementsMax peers that wait for a place in one bucket
   * @param failuresMax unanswered requests in a row that cost a place that nobody waits for
   * @param probeAfter a peer heard of more recently than this is not pinged to make room
   */
  record Limits(int bucketSize, int replacementsMax, int failuresMax, Duration probeAfter) {
    static Limits of(int bucketSize) {
      return new Limits(bucketSize, bucketSize / 2, 3, Duration.ofMinutes(1));
    }
  }

  /** What became of an offered peer. */
  sealed interface Offer {
    /** It has a place, new or prolonged. */
    record Seated() implements Offer {}

    /** It waits; ping {@code oldest} and report with {@link #alive} or {@link #failed}. */
    record Probe(Contact oldest) implements Offer {}

    /** It waits, and there is nothing to do: the oldest was heard of a moment ago. */
    record Waits() implements Offer {}

    /** It is this peer itself, or has no address. */
    record Refused() implements Offer {}
  }

  RoutingTable(PeerId self, Limits limits) {
    this.self = self;
    this.selfHash = KeyHash.of(self);
    this.limits = limits;
  }

  /** Takes in a peer that answered or introduced itself as a server. */
  Offer offer(Contact contact, Instant now) {
    if (contact.id().equals(self) || contact.addresses().isEmpty()) {
      return new Offer.Refused();
    }
    Bucket bucket = bucket(contact.id());
    if (bucket.holds(contact.id()) || !bucket.full()) {
      if (!bucket.holds(contact.id())) {
        size++;
      }
      bucket.seat(contact, now);
      probing.remove(contact.id());
      return new Offer.Seated();
    }
    bucket.await(contact);
    Bucket.Seat oldest = bucket.oldest().orElseThrow();
    boolean fresh = oldest.seen().plus(limits.probeAfter()).isAfter(now);
    if (fresh || !probing.add(oldest.contact().id())) {
      return new Offer.Waits();
    }
    return new Offer.Probe(oldest.contact());
  }

  /** A seated peer gave a sign of life. */
  void alive(PeerId peer, Instant now) {
    probing.remove(peer);
    bucket(peer).touch(peer, now);
  }

  /**
   * A peer left a request unanswered. It loses its place at once where another waits for it,
   * otherwise after a few failures in a row: an empty seat helps nobody.
   */
  void failed(PeerId peer, Instant now) {
    probing.remove(peer);
    Bucket bucket = bucket(peer);
    int failures = bucket.fail(peer);
    if (failures > 0 && (bucket.replacementWaits() || failures >= limits.failuresMax())) {
      remove(peer, now);
    }
  }

  /** There was no room to send the ping; a later offer may ask for it again. */
  void probeSkipped(PeerId peer) {
    probing.remove(peer);
  }

  /** Drops a peer, for instance one that stopped serving the protocol. */
  void remove(PeerId peer, Instant now) {
    probing.remove(peer);
    Bucket bucket = bucket(peer);
    int before = bucket.seats().size();
    bucket.evict(peer, now);
    size += bucket.seats().size() - before;
  }

  /** Up to {@code count} known peers, nearest to {@code target} first. */
  List<Contact> closest(KeyHash target, int count) {
    // With i the prefix that target shares with this peer: bucket i shares more than i bits with
    // target, all buckets above i share exactly i, and bucket j below i shares exactly j. So the
    // search goes i, above i, then down, and stops as soon as there are enough.
    int home = Math.min(selfHash.commonPrefixLength(target), KeyHash.BITS - 1);
    List<Bucket.Seat> found = new ArrayList<>(seats(home));
    if (found.size() < count) {
      for (int i = home + 1; i < KeyHash.BITS; i++) {
        found.addAll(seats(i));
      }
    }
    for (int i = home - 1; i >= 0 && found.size() < count; i--) {
      found.addAll(seats(i));
    }
    Comparator<KeyHash> byDistance = KeyHash.byDistanceTo(target);
    found.sort((x, y) -> byDistance.compare(x.hash(), y.hash()));
    return found.stream().limit(count).map(Bucket.Seat::contact).toList();
  }

  /** Seated peers that gave no sign of life since {@code before}, the longest silent first. */
  List<Contact> silentSince(Instant before) {
    List<Bucket.Seat> silent = new ArrayList<>();
    for (int i = 0; i < KeyHash.BITS; i++) {
      seats(i).stream().filter(s -> s.seen().isBefore(before)).forEach(silent::add);
    }
    silent.sort(Comparator.comparing(Bucket.Seat::seen));
    return silent.stream().map(Bucket.Seat::contact).toList();
  }

  /** All seated peers, farthest bucket first. */
  List<Contact> contacts() {
    List<Contact> all = new ArrayList<>(size);
    for (int i = 0; i < KeyHash.BITS; i++) {
      seats(i).forEach(s -> all.add(s.contact()));
    }
    return all;
  }

  int size() {
    return size;
  }

  /** The longest prefix that a seated peer shares with this one; -1 while the table is empty. */
  int deepest() {
    for (int i = KeyHash.BITS - 1; i >= 0; i--) {
      if (!seats(i).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  private List<Bucket.Seat> seats(int prefix) {
    Bucket bucket = buckets[prefix];
    return bucket == null ? List.of() : bucket.seats();
  }

  private Bucket bucket(PeerId peer) {
    int prefix = Math.min(selfHash.commonPrefixLength(KeyHash.of(peer)), KeyHash.BITS - 1);
    Bucket bucket = buckets[prefix];
    if (bucket == null) {
      bucket = new Bucket(limits.bucketSize(), limits.replacementsMax());
      buckets[prefix] = bucket;
    }
    return bucket;
  }
}
