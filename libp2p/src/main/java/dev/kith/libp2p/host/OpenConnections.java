package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Resources;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a host by their peer, and the news of first ones and last ones in the order in
 * which they came about. Thread-safe.
 *
 * <p>Event loops wait for its lock, and threads that they carry hold it, so no other lock is taken
 * under it: see {@link Resources}.
 */
final class OpenConnections {
  private final Consumer<PeerId> connected;
  private final Consumer<PeerId> disconnected;

  /** A list is never empty. */
  private final Map<PeerId, List<Open>> open = new HashMap<>();

  /** What was not told yet, and whether a thread is at it. */
  private final Queue<Runnable> news = new ArrayDeque<>();

  private boolean telling;

  /** A connection, what it takes, and its number at the manager. */
  record Open(Connection connection, ConnectionScope scope, long number) {}

  /**
   * @param last whether its peer has no other
   */
  record Removed(Open open, boolean last) {}

  /** Both are called by one thread at a time, without the lock. */
  OpenConnections(Consumer<PeerId> connected, Consumer<PeerId> disconnected) {
    this.connected = connected;
    this.disconnected = disconnected;
  }

  /** Adds a connection, and announces it. */
  void add(Open connection) {
    PeerId peer = connection.connection().remotePeer();
    synchronized (this) {
      List<Open> known = open.computeIfAbsent(peer, p -> new ArrayList<>());
      known.add(connection);
      if (known.size() == 1) {
        news.add(() -> connected.accept(peer));
      }
    }
    announce();
  }

  /** Null where it is not here, or no more; {@link #announce} is the caller's to call. */
  synchronized @Nullable Removed remove(Connection connection) {
    PeerId peer = connection.remotePeer();
    List<Open> known = open.getOrDefault(peer, List.of());
    for (Open candidate : known) {
      if (candidate.connection().equals(connection)) {
        known.remove(candidate);
        boolean last = known.isEmpty();
        if (last) {
          open.remove(peer);
          news.add(() -> disconnected.accept(peer));
        }
        return new Removed(candidate, last);
      }
    }
    return null;
  }

  synchronized List<Connection> all() {
    return open.values().stream().flatMap(List::stream).map(Open::connection).toList();
  }

  /** A connection to a peer that is open. */
  synchronized Optional<Connection> to(PeerId peer) {
    return open.getOrDefault(peer, List.of()).stream()
        .map(Open::connection)
        .filter(Connection::open)
        .findFirst();
  }

  /** Tells the news, one thread at a time; whoever comes meanwhile leaves its own to that one. */
  void announce() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = telling ? null : news.poll();
        if (next == null) {
          return;
        }
        telling = true;
      }
      try {
        next.run();
      } finally {
        synchronized (this) {
          telling = false;
        }
      }
    }
  }
}
