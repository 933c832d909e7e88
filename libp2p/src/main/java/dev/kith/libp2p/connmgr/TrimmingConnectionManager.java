package dev.kith.libp2p.connmgr;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Carries out what a {@link ConnectionMachine} decides. Thread-safe; connections are closed on
 * threads of the executor, where the timer waits, too, while there is one.
 */
public final class TrimmingConnectionManager implements ConnectionManager {
  private final LongSupplier clock;
  private final Executor threads;
  private final Consumer<PeerId> trimmed;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final ConnectionMachine machine;
  private final Map<Long, Runnable> closers = new HashMap<>();
  private final Set<Long> expected = new HashSet<>();
  private long nextId;
  private boolean armed;

  /**
   * @param clock nanoseconds of any monotonic clock
   * @param threads runs what may block, on virtual threads; may refuse when the host closes
   * @param trimmed told of each connection that is closed, by its peer, before it is
   */
  public TrimmingConnectionManager(
      WaterMarks marks, LongSupplier clock, Executor threads, Consumer<PeerId> trimmed) {
    this.machine = new ConnectionMachine(marks);
    this.clock = clock;
    this.threads = threads;
    this.trimmed = trimmed;
  }

  /** A number for a connection that is about to be open. */
  public long admit() {
    synchronized (lock) {
      long id = nextId++;
      expected.add(id);
      return id;
    }
  }

  /**
   * A connection is open. One that was {@link #closed} already is left out.
   *
   * @param id of {@link #admit}
   * @param close closes it
   */
  public void opened(long id, PeerId peer, boolean outbound, Activity activity, Runnable close) {
    List<ConnectionDecision> decisions;
    synchronized (lock) {
      if (!expected.remove(id)) {
        return;
      }
      closers.put(id, close);
      decisions = machine.opened(id, peer, outbound, activity, clock.getAsLong());
    }
    act(decisions);
  }

  /** A connection is gone. */
  public void closed(long id) {
    synchronized (lock) {
      expected.remove(id);
      closers.remove(id);
      machine.closed(id);
    }
  }

  private void act(List<ConnectionDecision> decisions) {
    for (ConnectionDecision decision : decisions) {
      switch (decision) {
        case ConnectionDecision.Close close -> close(close);
        case ConnectionDecision.ArmTimer timer -> arm(timer.atNanos());
      }
    }
  }

  private void close(ConnectionDecision.Close close) {
    Runnable closer;
    synchronized (lock) {
      closer = closers.get(close.connection());
    }
    if (closer != null) {
      trimmed.accept(close.peer());
      execute(closer);
    }
  }

  private void arm(long atNanos) {
    synchronized (lock) {
      if (armed) {
        return;
      }
      armed = true;
    }
    execute(
        () -> {
          try {
            TimeUnit.NANOSECONDS.sleep(atNanos - clock.getAsLong());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
          List<ConnectionDecision> decisions;
          synchronized (lock) {
            armed = false;
            decisions = machine.tick(clock.getAsLong());
          }
          act(decisions);
        });
  }

  private void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      // The host is closing: so are its connections.
    }
  }

  @Override
  public void trim() {
    List<ConnectionDecision> decisions;
    synchronized (lock) {
      decisions = new ArrayList<>(machine.trim(clock.getAsLong()));
    }
    act(decisions);
  }

  @Override
  public void tag(PeerId peer, String tag, int weight) {
    synchronized (lock) {
      machine.tag(peer, tag, weight);
    }
  }

  @Override
  public void untag(PeerId peer, String tag) {
    synchronized (lock) {
      machine.untag(peer, tag);
    }
  }

  @Override
  public void bump(PeerId peer, String tag, int delta, Duration halfLife) {
    synchronized (lock) {
      machine.bump(peer, tag, delta, halfLife, clock.getAsLong());
    }
  }

  @Override
  public int value(PeerId peer) {
    synchronized (lock) {
      return machine.value(peer, clock.getAsLong());
    }
  }

  @Override
  public void protect(PeerId peer, String tag) {
    synchronized (lock) {
      machine.protect(peer, tag);
    }
  }

  @Override
  public boolean unprotect(PeerId peer, String tag) {
    synchronized (lock) {
      return machine.unprotect(peer, tag);
    }
  }

  @Override
  public boolean isProtected(PeerId peer) {
    synchronized (lock) {
      return machine.isProtected(peer);
    }
  }
}
