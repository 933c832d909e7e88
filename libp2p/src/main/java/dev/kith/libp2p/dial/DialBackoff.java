package dev.kith.libp2p.dial;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Which addresses of which peers failed, and until when they are left alone: for 5 s after the
 * first failure, and for a second times the square of the failures before longer, up to 5 minutes;
 * a success clears that (go-libp2p does the same). Loopback addresses are always tried: a failure
 * there costs nobody anything. Thread-safe; beyond 10,000 entries the oldest goes.
 */
public final class DialBackoff {
  static final int ENTRIES_MAX = 10_000;
  static final Duration BASE = Duration.ofSeconds(5);
  static final Duration COEFFICIENT = Duration.ofSeconds(1);
  static final Duration MAX = Duration.ofMinutes(5);

  private final InstantSource clock;

  /** Guarded by itself; the oldest failure first. */
  private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>();

  private record Key(PeerId peer, Multiaddr address) {}

  private record Entry(int failures, Instant until) {
    /** One that was quiet for so long counts no more. */
    boolean forgotten(Instant now) {
      return now.isAfter(until.plus(MAX));
    }
  }

  public DialBackoff(InstantSource clock) {
    this.clock = clock;
  }

  /** Until when an address is left alone; empty where it may be dialled. */
  public Optional<Instant> until(PeerId peer, Multiaddr address) {
    synchronized (entries) {
      Entry entry = entries.get(new Key(peer, address));
      return entry != null && entry.until().isAfter(clock.instant())
          ? Optional.of(entry.until())
          : Optional.empty();
    }
  }

  public void failed(PeerId peer, Multiaddr address) {
    if (address.ip().filter(InetAddress::isLoopbackAddress).isPresent()) {
      return;
    }
    Key key = new Key(peer, address);
    Instant now = clock.instant();
    synchronized (entries) {
      Entry before = entries.remove(key);
      int failures = before == null || before.forgotten(now) ? 0 : before.failures();
      Duration pause = BASE.plus(COEFFICIENT.multipliedBy((long) failures * failures));
      Instant until = now.plus(pause.compareTo(MAX) < 0 ? pause : MAX);
      // Failures beyond those that reach the maximum change nothing.
      entries.put(key, new Entry(Math.min(failures + 1, 1_000), until));
      if (entries.size() > ENTRIES_MAX) {
        entries.pollFirstEntry();
      }
    }
  }

  public void succeeded(PeerId peer, Multiaddr address) {
    synchronized (entries) {
      entries.remove(new Key(peer, address));
    }
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }
}
