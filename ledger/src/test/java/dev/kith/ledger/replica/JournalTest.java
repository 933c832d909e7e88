package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.block.Statement;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.WatchedDisk;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.wal.WriteAheadLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);

  @TempDir Path folder;

  /** A vote that left and is not in the log is one that a restarted validator contradicts. */
  @Test
  void afterAFailedWrite_repairKeepsAlsoTheEntriesBehindIt() throws IOException {
    List<JournalEntry> entries =
        List.of(
            new JournalEntry.Proposed(1),
            new JournalEntry.Voted(Statement.notarize(0, 1, Bytes32.repeat((byte) 2))),
            new JournalEntry.Voted(Statement.finalize(0, 1, Bytes32.repeat((byte) 2))));
    for (int failing = 0; failing < entries.size(); failing++) {
      Path log = folder.resolve("fails-at-" + failing);
      WriteAheadLog.format(log, REALM);
      AtomicInteger writesLeft = new AtomicInteger(failing);
      WatchedDisk disk =
          new WatchedDisk(
              (operation, file) -> {
                if (operation.equals("write") && writesLeft.getAndDecrement() == 0) {
                  throw new IOException("no space left on device");
                }
              });
      try (Journal journal = journal(log, disk)) {
        List<Journal.Addition> additions =
            entries.stream().map(entry -> new Journal.Addition(entry, List.of())).toList();
        assertThatThrownBy(() -> journal.append(additions)).isInstanceOf(IOException.class);
        journal.repair();
      }
      assertThat(entries(log)).as("failed at entry %s", failing).isEqualTo(entries);
    }
  }

  private static Journal journal(Path folder, Disk disk) throws IOException {
    return new Journal(Optional.of(WriteAheadLog.open(folder, REALM, disk).orElseThrow().log()), 0);
  }

  private static List<JournalEntry> entries(Path folder) throws IOException {
    WriteAheadLog.Opened opened = WriteAheadLog.open(folder, REALM, Disk.REAL).orElseThrow();
    try (Journal journal = new Journal(Optional.of(opened.log()), 0)) {
      return journal.recover(opened.records(), batch -> {});
    }
  }
}
