package dev.kith.node.files.mesh;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What this peer has seen of others: how long they take, and whether they failed lately. Kept by
 * decay, in memory, for the peers that were used last. Thread-safe.
 */
public final class PeerHealth {
  private static final int PEERS_MAX = 4096;

  /** A failure counts half after this time. */
  private static final double FAILURE_HALF_LIFE_NANOS = Duration.ofSeconds(60).toNanos();

  private static final double NEW_SAMPLE_SHARE = 0.2;

  /** What an answer is believed to take before the first was seen. */
  private static final Duration UNKNOWN = Duration.ofMillis(100);

  private final LongSupplier nanoTime;
  private final Map<PeerId, Seen> peers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Seen> eldest) {
          return size() > PEERS_MAX;
        }
      };

  private static final class Seen {
    private double failures;
    private long failuresAt;
    private double answerNanos;
    private int underWay;
  }

  public PeerHealth() {
    this(System::nanoTime);
  }

  PeerHealth(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A request to this peer begins; {@link #answered} or {@link #failed} or {@link #dropped}. */
  public synchronized void began(PeerId peer) {
    seen(peer).underWay++;
  }

  public synchronized void answered(PeerId peer, Duration took) {
    Seen seen = seen(peer);
    seen.underWay--;
    double sample = took.toNanos();
    seen.answerNanos =
        seen.answerNanos == 0
            ? sample
            : seen.answerNanos + NEW_SAMPLE_SHARE * (sample - seen.answerNanos);
    seen.failures = decayed(seen) / 2;
    seen.failuresAt = nanoTime.getAsLong();
  }

  /** Nobody waits for the answer any more. */
  public synchronized void dropped(PeerId peer) {
    seen(peer).underWay--;
  }

  public synchronized void failed(PeerId peer) {
    Seen seen = seen(peer);
    seen.underWay--;
    penalise(seen, 1);
  }

  /** It returned something that it should not have. */
  public synchronized void lied(PeerId peer) {
    penalise(seen(peer), 4);
  }

  /** From 1, no failure seen, towards 0. */
  public synchronized double score(PeerId peer) {
    Seen seen = peers.get(peer);
    return seen == null ? 1 : Math.pow(0.5, decayed(seen));
  }

  /** How long a request to this peer would take now, as far as is known. */
  public synchronized Duration expected(PeerId peer) {
    Seen seen = peers.get(peer);
    if (seen == null) {
      return UNKNOWN;
    }
    double answer = seen.answerNanos == 0 ? UNKNOWN.toNanos() : seen.answerNanos;
    double penalty = Math.pow(4, Math.min(8, decayed(seen)));
    return Duration.ofNanos((long) (answer * (1 + seen.underWay) * penalty));
  }

  /** How long it took of late, where that is known. */
  public synchronized Optional<Duration> usual(PeerId peer) {
    Seen seen = peers.get(peer);
    return seen == null || seen.answerNanos == 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos((long) seen.answerNanos));
  }

  private Seen seen(PeerId peer) {
    return peers.computeIfAbsent(peer, _ -> new Seen());
  }

  private void penalise(Seen seen, double failures) {
    seen.failures = decayed(seen) + failures;
    seen.failuresAt = nanoTime.getAsLong();
  }

  private double decayed(Seen seen) {
    double age = nanoTime.getAsLong() - seen.failuresAt;
    return seen.failures * Math.pow(0.5, age / FAILURE_HALF_LIFE_NANOS);
  }
}
