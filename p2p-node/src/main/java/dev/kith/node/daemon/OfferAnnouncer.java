package dev.kith.node.daemon;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.record.OfferPut;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the realm what this device offers, when it starts and once a day, on a virtual thread of
 * its own. While the ledger is stalled it tries again. The first offer that is final here also
 * tells that this replica has caught up: all blocks before that one are executed.
 */
final class OfferAnnouncer implements AutoCloseable {
  private static final Duration LIFE = Duration.ofDays(7);
  private static final Duration REPEAT = Duration.ofDays(1);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration FINAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(OfferAnnouncer.class);

  private final Ledger ledger;
  private final OfferPut offer;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("offer").unstarted(this::run);

  OfferAnnouncer(Ledger ledger, OfferPut offer) {
    this.ledger = ledger;
    this.offer = offer;
  }

  static int lifeSeconds() {
    return (int) LIFE.toSeconds();
  }

  void start() {
    thread.start();
  }

  /**
   * Blocks until this replica has executed what was final when this peer started.
   *
   * @return false when {@code nanos} passed first
   */
  boolean awaitCaughtUp(long nanos) throws InterruptedException {
    return caughtUp.await(nanos, TimeUnit.NANOSECONDS);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(announced() ? REPEAT : RETRY);
      }
    } catch (InterruptedException e) {
      log.debug("the announcer ends");
    }
  }

  private boolean announced() throws InterruptedException {
    try {
      return switch (ledger.submit(offer, FINAL_TIMEOUT)) {
        case Outcome.Applied _ -> {
          caughtUp.countDown();
          yield true;
        }
        case Outcome.Refused refused -> {
          caughtUp.countDown();
          log.warn("the ledger refused this device's offer: {}", refused.refusal());
          yield false;
        }
      };
    } catch (LedgerStalledException e) {
      return false; // it says so itself
    } catch (IOException e) {
      log.warn("this device's offer was not announced: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
