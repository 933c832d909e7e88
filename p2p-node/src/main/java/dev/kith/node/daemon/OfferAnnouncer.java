package dev.kith.node.daemon;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.record.OfferPut;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the realm what this device offers, when it starts and once a day, on a virtual thread of
 * its own. While the ledger is stalled it tries again.
 */
final class OfferAnnouncer implements AutoCloseable {
  private static final Duration LIFE = Duration.ofDays(7);
  private static final Duration REPEAT = Duration.ofDays(1);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration FINAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(OfferAnnouncer.class);

  private final Ledger ledger;
  private final OfferPut offer;
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
        case Outcome.Applied _ -> true;
        case Outcome.Refused refused -> {
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
