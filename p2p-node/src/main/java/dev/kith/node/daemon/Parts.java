package dev.kith.node.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in the opposite order. One that fails does not keep the rest. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private final Deque<Part> started = new ArrayDeque<>();

  private record Part(String name, AutoCloseable part) {}

  /** Remembers a part that was started, and returns it. */
  synchronized <T extends AutoCloseable> T add(String name, T part) {
    started.push(new Part(name, part));
    return part;
  }

  @Override
  public synchronized void close() {
    while (!started.isEmpty()) {
      Part last = started.pop();
      try {
        last.part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        log.warn("{} was interrupted while it closed", last.name);
      } catch (Exception e) {
        log.warn("{} did not close cleanly", last.name, e);
      }
    }
  }
}
