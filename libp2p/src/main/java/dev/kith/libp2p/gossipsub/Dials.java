package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.record.PeerRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
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

  /** As long as it takes to dial, and to be identified. */
  private static final Duration ADDRESSES_FOR = Duration.ofMinutes(10);

  private final Host host;
  private final Executor threads;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final Semaphore running = new Semaphore(AT_ONCE_MAX);

  Dials(Host host, Executor threads) {
    this.host = host;
    this.threads = threads;
  }

  /** Never blocks; drops it where too many wait. */
  void dial(PeerId peer, Optional<Bytes> signedRecord) {
    if (!waiting.tryAcquire()) {
      return;
    }
    threads.execute(
        () -> {
          try {
            running.acquire();
            try {
              connect(peer, signedRecord);
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

  /** Without a record it must be known from elsewhere where the peer is. */
  private void connect(PeerId peer, Optional<Bytes> signedRecord) throws InterruptedException {
    try {
      if (signedRecord.isPresent()) {
        PeerRecord record = PeerRecord.open(signedRecord.get());
        if (!record.peer().equals(peer)) {
          throw new ProtocolViolationException("peer record: of another peer");
        }
        host.addressBook().add(peer, record.addresses(), ADDRESSES_FOR);
      }
      host.connect(peer, TIMEOUT);
    } catch (ProtocolViolationException e) {
      LOG.info("a peer that was offered is not dialled: {}", e.getMessage());
    } catch (IOException e) {
      LOG.debug("no connection to {}: {}", peer, e.toString());
    }
  }
}
