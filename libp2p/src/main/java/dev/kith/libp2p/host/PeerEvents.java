package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners: those of one peer one after another, on a virtual thread that lives as
 * long as there are any. A listener that blocks holds up its own peer's events only.
 */
final class PeerEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PeerEvents.class);

  /** From here on a peer's news are dropped, and new connections to it refused. */
  private static final int BACKLOG_MAX = 64;

  private final Executor threads;
  private final List<HostListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<PeerId, Queue<Consumer<HostListener>>> pending = new HashMap<>();

  PeerEvents(Executor threads) {
    this.threads = threads;
  }

  void add(HostListener listener) {
    listeners.add(listener);
  }

  /** Never blocks. */
  void tell(PeerId peer, Consumer<HostListener> event) {
    synchronized (pending) {
      Queue<Consumer<HostListener>> queue = pending.get(peer);
      if (queue != null) {
        queue.add(event);
        return;
      }
      queue = new ArrayDeque<>();
      queue.add(event);
      pending.put(peer, queue);
    }
    threads.execute(() -> drain(peer));
  }

  private void drain(PeerId peer) {
    while (true) {
      Consumer<HostListener> event = next(peer);
      if (event == null) {
        return;
      }
      for (HostListener listener : listeners) {
        try {
          event.accept(listener);
        } catch (RuntimeException e) {
          LOG.error("a listener failed on an event of {}", peer, e);
        }
      }
    }
  }

  /** Whether listeners have fallen behind on a peer, which may be why it causes so many events. */
  boolean behind(PeerId peer) {
    synchronized (pending) {
      Queue<Consumer<HostListener>> queue = pending.get(peer);
      return queue != null && queue.size() >= BACKLOG_MAX;
    }
  }

  private @Nullable Consumer<HostListener> next(PeerId peer) {
    synchronized (pending) {
      Queue<Consumer<HostListener>> queue = pending.get(peer);
      Consumer<HostListener> event = queue == null ? null : queue.poll();
      if (event == null) {
        pending.remove(peer);
      }
      return event;
    }
  }
}
