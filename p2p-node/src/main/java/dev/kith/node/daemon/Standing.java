package dev.kith.node.daemon;

import dev.kith.ledger.replica.LedgerReplica;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this device stand for a validator's seat while it is on mains power, and give it back while
 * it is on battery: such a device is about to sleep. One virtual thread.
 */
final class Standing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Standing.class);
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(20);

  private final LedgerReplica ledger;
  private final Path supplies;
  private final Thread thread = Thread.ofVirtual().name("standing").unstarted(this::run);

  /**
   * @param supplies the folder in which the system describes its power supplies; where there is
   *     none, the device counts as on mains
   */
  Standing(LedgerReplica ledger, Path supplies) {
    this.ledger = ledger;
    this.supplies = supplies;
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean standing = false;
    try {
      while (true) {
        boolean onBattery = onBattery(supplies);
        if (!onBattery && !standing) {
          ledger.stand();
        } else if (onBattery && standing) {
          log.info("on battery: this device does not stand for a validator's seat");
          ledger.leave(LEAVE_TIMEOUT);
        }
        standing = !onBattery;
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      log.debug("standing ends");
    }
  }

  /** Whether a battery of this device is being discharged. */
  static boolean onBattery(Path supplies) {
    if (!Files.isDirectory(supplies)) {
      return false;
    }
    try (DirectoryStream<Path> each = Files.newDirectoryStream(supplies)) {
      for (Path supply : each) {
        if (says(supply, "type", "Battery")
            && says(supply, "status", "Discharging")
            && !says(supply, "scope", "Device")) {
          return true;
        }
      }
    } catch (IOException e) {
      log.debug("the power supplies cannot be read", e);
    }
    return false;
  }

  private static boolean says(Path supply, String what, String wanted) throws IOException {
    Path file = supply.resolve(what);
    return Files.isReadable(file) && Files.readString(file).strip().equals(wanted);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
