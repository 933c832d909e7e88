package dev.kith.node.files.holder;

import dev.kith.dht.chunk.GroupId;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the DHT, one group after another, on a virtual thread of its own: with peers away each may
 * take seconds, and nothing else may wait for that. The chunk map is what readers go by; so when
 * too many wait, further ones are dropped.
 */
final class Announcements implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);
  private static final int WAITING_MAX = 10_000;

  private final Announcer announcer;
  private final LinkedBlockingQueue<Announcement> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Thread thread = Thread.ofVirtual().name("announce").unstarted(this::run);

  /**
   * @param held whether the group is here, or no longer
   */
  private record Announcement(GroupId group, boolean held) {}

  Announcements(Announcer announcer) {
    this.announcer = announcer;
  }

  void start() {
    thread.start();
  }

  void held(GroupId group) {
    offer(new Announcement(group, true));
  }

  void gone(GroupId group) {
    offer(new Announcement(group, false));
  }

  private void offer(Announcement announcement) {
    if (!waiting.offer(announcement)) {
      LOG.info("too much to announce: {} is left out", announcement.group());
    }
  }

  private void run() {
    try {
      while (true) {
        announce(waiting.take());
      }
    } catch (InterruptedException e) {
      // The service closes.
      return;
    }
  }

  private void announce(Announcement announcement) throws InterruptedException {
    try {
      if (announcement.held()) {
        announcer.provide(announcement.group().hash());
      } else {
        announcer.withdraw(announcement.group().hash());
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} could not be announced", announcement.group(), e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
