package dev.kith.node.daemon;

import dev.kith.dht.kad.Kademlia;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this peer connected to the members of its realm, all of them in a small realm, as many as
 * the bound allows in a large one, validators first. A peer that does not answer is tried again
 * after growing pauses. Runs on a virtual thread of its own.
 */
final class MemberDialler implements AutoCloseable {
  /** Members that a peer keeps connections to. */
  static final int MEMBERS_MAX = 64;

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIND_TIMEOUT = Duration.ofSeconds(10);
  private static final String PROTECTION = "realm";
  private static final Logger log = LoggerFactory.getLogger(MemberDialler.class);

  private final Host host;
  private final Ledger ledger;
  private final Kademlia kademlia;
  private final RandomGenerator random;
  private final ExecutorService dials = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<PeerId, Attempt> attempts = new HashMap<>();

  /** Whose connections are protected. The dialler's thread alone knows it. */
  private final Set<PeerId> kept = new HashSet<>();

  private final Thread thread = Thread.ofVirtual().name("member-dialler").unstarted(this::run);

  /** When a peer is tried next; one dial at a time. */
  private static final class Attempt {
    private boolean running;
    private long nextNanos;
    private Duration pause = PAUSE_FIRST;
  }

  MemberDialler(Host host, Ledger ledger, Kademlia kademlia, RandomGenerator random) {
    this.host = host;
    this.ledger = ledger;
    this.kademlia = kademlia;
    this.random = random;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        look(System.nanoTime());
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      log.debug("the dialler ends");
    }
  }

  private void look(long now) {
    List<PeerId> wanted = wanted();
    kept.removeIf(
        peer -> {
          boolean gone = !wanted.contains(peer);
          if (gone) {
            host.connectionManager().unprotect(peer, PROTECTION);
          }
          return gone;
        });
    for (PeerId peer : wanted) {
      if (kept.add(peer)) {
        host.connectionManager().protect(peer, PROTECTION);
      }
      if (host.connectedTo(peer)) {
        synchronized (attempts) {
          attempts.remove(peer);
        }
      } else if (begin(peer, now)) {
        dials.execute(() -> dial(peer));
      }
    }
  }

  private List<PeerId> wanted() {
    List<Member> members = ledger.view().members();
    return members.stream()
        .filter(member -> !member.peer().equals(host.id()))
        .sorted((a, b) -> Boolean.compare(b.validator(), a.validator()))
        .limit(MEMBERS_MAX)
        .map(Member::peer)
        .toList();
  }

  private boolean begin(PeerId peer, long now) {
    synchronized (attempts) {
      Attempt attempt = attempts.computeIfAbsent(peer, _ -> new Attempt());
      if (attempt.running || (attempt.nextNanos != 0 && now < attempt.nextNanos)) {
        return false;
      }
      attempt.running = true;
      return true;
    }
  }

  private void dial(PeerId peer) {
    try {
      if (host.addressBook().addresses(peer).isEmpty()) {
        kademlia.findPeer(peer, FIND_TIMEOUT);
      }
      host.connect(peer, DIAL_TIMEOUT);
    } catch (IOException e) {
      log.debug("{} does not answer: {}", peer, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end(peer, System.nanoTime());
    }
  }

  private void end(PeerId peer, long now) {
    synchronized (attempts) {
      Attempt attempt = attempts.computeIfAbsent(peer, _ -> new Attempt());
      attempt.running = false;
      double jitter = 0.75 + random.nextDouble() / 2;
      attempt.nextNanos = now + (long) (attempt.pause.toNanos() * jitter);
      Duration longer = attempt.pause.multipliedBy(2);
      attempt.pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    dials.shutdownNow();
  }
}
