package dev.kith.node.daemon;

import dev.kith.dht.kad.Kademlia;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the DHT through peers named in the settings, on a virtual thread of its own, and tries
 * again until one answers. After that the DHT looks after itself.
 */
final class Bootstrap implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(60);
  private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

  private final Kademlia kademlia;
  private final List<Multiaddr> peers;
  private final Thread thread = Thread.ofVirtual().name("bootstrap").unstarted(this::run);

  Bootstrap(Kademlia kademlia, List<Multiaddr> peers) {
    this.kademlia = kademlia;
    this.peers = peers;
  }

  void start() {
    thread.start();
  }

  private void run() {
    Duration pause = PAUSE_FIRST;
    try {
      while (!joined()) {
        Thread.sleep(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
      }
    } catch (InterruptedException e) {
      log.debug("bootstrap ends");
    }
  }

  private boolean joined() throws InterruptedException {
    try {
      kademlia.bootstrap(peers, TIMEOUT);
      return true;
    } catch (IOException e) {
      log.info("the DHT was not joined yet: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
