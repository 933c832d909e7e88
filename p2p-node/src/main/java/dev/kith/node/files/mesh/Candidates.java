package dev.kith.node.files.mesh;

import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.Sha256;
import dev.kith.dht.placement.Candidate;
import dev.kith.dht.placement.Segment;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Who could hold a group: members that offer room and may be reached. The ledger names all members,
 * so the neighbourhood of a group's id is worked out here, as Kademlia would, without asking
 * anybody. Thread-safe.
 */
public final class Candidates {
  /** Members that count as neighbours of a group, as in a Kademlia bucket. */
  private static final int NEIGHBOURS = 20;

  private static final long USED_MAX_AGE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Peers that are not connected may be gone; they come after equals that are. */
  private static final double UNCONNECTED_SCORE = 0.7;

  private final Mesh mesh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Used> used = new HashMap<>();

  private record Used(long bytes, long atNanos) {}

  private record Near(Member member, Bytes32 distance) {}

  public Candidates(Mesh mesh) {
    this.mesh = mesh;
  }

  /**
   * The candidates for a group.
   *
   * @param excluded peers that failed it or have it
   */
  public List<Candidate> find(GroupId group, Collection<PeerId> excluded) {
    LedgerView view = mesh.ledger().view();
    List<Near> members = new ArrayList<>();
    for (Member member : view.members()) {
      boolean self = member.peer().equals(mesh.self());
      if (!excluded.contains(member.peer()) && (self || offersRoom(member))) {
        members.add(new Near(member, distance(group, member.peer())));
      }
    }
    members.sort(Comparator.comparing(Near::distance));
    List<Candidate> candidates = new ArrayList<>(members.size());
    for (int i = 0; i < members.size(); i++) {
      int neighbourhood = i < NEIGHBOURS ? i : Candidate.FAR;
      candidates.add(candidate(view, members.get(i).member(), neighbourhood));
    }
    return candidates;
  }

  private static boolean offersRoom(Member member) {
    return member.offer().filter(offer -> offer.diskBytes() > 0).isPresent();
  }

  private Candidate candidate(LedgerView view, Member member, int neighbourhood) {
    PeerId peer = member.peer();
    if (peer.equals(mesh.self())) {
      return new Candidate(
          peer,
          Segment.of(member.site(), mesh.host().listenAddresses()),
          mesh.store().usage().free(),
          Optional.of(Duration.ZERO),
          1,
          neighbourhood);
    }
    List<Multiaddr> addresses = mesh.host().addressBook().addresses(peer);
    long offered = member.offer().map(offer -> offer.diskBytes()).orElse(0L);
    boolean connected = mesh.host().connectedTo(peer);
    double score = mesh.health().score(peer) * (connected ? 1 : UNCONNECTED_SCORE);
    return new Candidate(
        peer,
        Segment.of(member.site(), addresses),
        Math.max(0, offered - usedBytes(view, member.index())),
        mesh.health().usual(peer),
        score,
        neighbourhood);
  }

  /** What the map says that a member holds; summed up anew every few seconds. */
  private long usedBytes(LedgerView view, int member) {
    long now = System.nanoTime();
    lock.lock();
    try {
      Used known = used.get(member);
      if (known == null || now - known.atNanos() > USED_MAX_AGE_NANOS) {
        long bytes = view.groupsHeldBy(member).stream().mapToLong(row -> row.bytes()).sum();
        known = new Used(bytes, now);
        used.put(member, known);
      }
      return known.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** Kademlia's distance between a group and a peer: XOR of SHA-256 of their ids. */
  private static Bytes32 distance(GroupId group, PeerId peer) {
    return Bytes32.wrap(
        hash(group.hash().toArrayUnsafe()).xor(hash(peer.multihash().toArrayUnsafe())));
  }

  private static Bytes32 hash(byte[] id) {
    return Bytes32.wrap(Sha256.create().digest(id));
  }
}
