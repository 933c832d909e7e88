package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.router.Decision;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.record.PeerRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to peers that the router names, some at once. Thread-safe. */
final class Dials {
  static final int WAITING_MAX = 128;
  static final int AT_ONCE_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Dials.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Host host;
  private final Executor threads;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final Semaphore running = new Semaphore(AT_ONCE_MAX);

  Dials(Host host, Executor threads) {
    this.host = host;
    this.threads = threads;
  }

  /** Never blocks; drops it where too many wait. */
  void dial(PeerId peer) {
    enqueue(() -> connect(peer));
  }

  /** As {@link #dial(PeerId)}. Without a record it must be known from elsewhere where it is. */
  void dial(Decision.DialOffered offered) {
    enqueue(
        () -> {
          if (offered.signedRecord().isEmpty()
              || hear(offered.peer(), offered.signedRecord().get(), offered.offeredBy())) {
            connect(offered.peer());
          }
        });
  }

  @FunctionalInterface
  private interface Task {
    void run() throws InterruptedException;
  }

  private void enqueue(Task task) {
    if (!waiting.tryAcquire()) {
      return;
    }
    threads.execute(
        () -> {
          try {
            running.acquire();
            try {
              task.run();
            } finally {
              running.release();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            waiting.release();
          }
        });
  }

  /** Whether the record is the peer's; what is believed of it goes into the address book. */
  private boolean hear(PeerId peer, Bytes envelope, PeerId teller) {
    try {
      PeerRecord record = PeerRecord.open(envelope);
      if (!record.peer().equals(peer)) {
        throw new ProtocolViolationException("peer record: of another peer");
      }
      host.connections().stream()
          .filter(connection -> connection.remotePeer().equals(teller))
          .map(connection -> host.believed(record.addresses(), connection.remoteAddress()))
          .forEach(believed -> host.addressBook().hear(peer, believed, PeerStore.HEARSAY));
      return true;
    } catch (ProtocolViolationException e) {
      LOG.info("a peer that {} offered is not dialled: {}", teller, e.getMessage());
      return false;
    }
  }

  private void connect(PeerId peer) throws InterruptedException {
    try {
      host.connect(peer, TIMEOUT);
    } catch (IOException e) {
      LOG.debug("no connection to {}: {}", peer, e.toString());
    }
  }
}
