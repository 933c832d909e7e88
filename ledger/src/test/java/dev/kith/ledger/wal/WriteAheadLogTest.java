package dev.kith.ledger.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.FileHeader;
import dev.kith.ledger.disk.WatchedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteAheadLogTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);

  @TempDir Path folder;

  @BeforeEach
  void format() throws IOException {
    WriteAheadLog.format(folder, REALM);
  }

  private static WalRecord record(int view) {
    return new WalRecord(WalRecord.Type.NOTARIZED, 0, view, Bytes32.repeat((byte) view));
  }

  private void write(int... views) throws IOException {
    try (WriteAheadLog log = WriteAheadLog.open(folder, REALM, Disk.REAL).orElseThrow().log()) {
      for (int view : views) {
        log.append(record(view));
      }
      log.sync();
    }
  }

  private Optional<List<Long>> views() throws IOException {
    Optional<WriteAheadLog.Opened> opened = WriteAheadLog.open(folder, REALM, Disk.REAL);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    opened.get().log().close();
    return Optional.of(opened.get().records().stream().map(WalRecord::view).toList());
  }

  private Path segment(int number) {
    return folder.resolve("wal-%08d.log".formatted(number));
  }

  @Test
  void whatWasAppended_comesBack_acrossOpenings() throws IOException {
    write(1, 2);
    write(3);
    assertThat(views()).contains(List.of(1L, 2L, 3L));
  }

  /** Every cut is what some crash leaves behind: the sound part stays, and the log goes on. */
  @Test
  void aTornTail_isCutOff() throws IOException {
    write(1, 2);
    byte[] whole = Files.readAllBytes(segment(0));
    int frame = Segment.encode(record(2)).length;
    for (int cut = 1; cut <= frame; cut++) {
      Files.write(segment(0), Arrays.copyOf(whole, whole.length - cut));
      assertThat(views()).as("cut %s", cut).contains(List.of(1L));
    }
    byte[] zeros = Arrays.copyOf(whole, whole.length + 100);
    Files.write(segment(0), zeros);
    assertThat(views()).contains(List.of(1L, 2L));
    write(9);
    assertThat(views()).contains(List.of(1L, 2L, 9L));
  }

  /** Bug list 13: what was said before is unknown, so the validator must not speak. */
  @Test
  void damageBeforeTheTail_isAmnesia() throws IOException {
    write(1, 2, 3);
    byte[] whole = Files.readAllBytes(segment(0));
    int last = Segment.encode(record(3)).length;
    for (int at = 0; at < whole.length - last; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(segment(0), damaged);
      assertThat(views()).as("damage at %s", at).isEmpty();
    }
  }

  @Test
  void aMissingLog_orOneOfAnotherRealm_isAmnesia() throws IOException {
    assertThat(WriteAheadLog.open(folder, Bytes32.ZERO, Disk.REAL)).isEmpty();
    assertThat(WriteAheadLog.open(folder.resolve("nowhere"), REALM, Disk.REAL)).isEmpty();
    Files.delete(segment(0));
    assertThat(views()).isEmpty();
  }

  @Test
  void rotation_keepsWhatLives_andDeletesTheRest() throws IOException {
    try (WriteAheadLog log = WriteAheadLog.open(folder, REALM, Disk.REAL).orElseThrow().log()) {
      log.append(record(1));
      log.append(record(2));
      log.rotate(List.of(record(2)));
      log.append(record(3));
      log.sync();
    }
    assertThat(views()).contains(List.of(2L, 3L));
    assertThat(segment(0)).doesNotExist();
    assertThat(segment(1)).exists();
  }

  /** A crash may leave the new segment beside the old one; both tell the truth. */
  @Test
  void aRotationThatWasCutShort_losesNothing() throws IOException {
    write(1, 2);
    byte[] old = Files.readAllBytes(segment(0));
    try (WriteAheadLog log = WriteAheadLog.open(folder, REALM, Disk.REAL).orElseThrow().log()) {
      log.rotate(List.of(record(2)));
    }
    Files.write(segment(0), old);
    assertThat(views()).contains(List.of(1L, 2L, 2L));
    byte[] next = Files.readAllBytes(segment(1));
    Files.write(segment(1), Arrays.copyOf(next, 5));
    assertThat(views()).contains(List.of(1L, 2L));
    write(3);
    assertThat(views()).contains(List.of(1L, 2L, 3L));
  }

  /** After a failed write or fsync, what it left behind is not trusted. */
  @Test
  void repair_writesWhatMattersAnew() throws IOException {
    try (WriteAheadLog log = WriteAheadLog.open(folder, REALM, Disk.REAL).orElseThrow().log()) {
      log.append(record(1));
      log.sync();
      log.append(record(2));
      log.repair(List.of(record(1), record(2)));
      log.append(record(3));
      log.sync();
    }
    assertThat(views()).contains(List.of(1L, 2L, 3L));
  }

  @Test
  void format_neverOverwritesWhatAValidatorSaid() throws IOException {
    WriteAheadLog.format(folder, REALM);
    write(1);
    assertThatThrownBy(() -> WriteAheadLog.format(folder, REALM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("already");
    WalRecord large = new WalRecord(WalRecord.Type.BLOCK, 0, 1, Bytes.repeat((byte) 1, 1 << 20));
    assertThat(Segment.encode(large)).hasSizeGreaterThan(1 << 20);
  }

  /** On a full disk this is tried each second: it may leave neither files nor handles behind. */
  @Test
  void aSegmentThatCannotBeWritten_isTakenBack() throws IOException {
    AtomicBoolean full = new AtomicBoolean();
    WatchedDisk disk =
        new WatchedDisk(
            (operation, file) -> {
              if (full.get() && file.endsWith("wal-00000001.log")) {
                throw new IOException("no space left on device");
              }
            });
    try (WriteAheadLog log = WriteAheadLog.open(folder, REALM, disk).orElseThrow().log()) {
      log.append(record(1));
      log.sync();
      full.set(true);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> log.repair(List.of(record(1), record(2))))
            .isInstanceOf(IOException.class);
        assertThat(disk.open()).containsExactly(segment(0));
        assertThat(segment(1)).doesNotExist();
      }
      full.set(false);
      log.repair(List.of(record(1), record(2)));
      assertThat(disk.open()).containsExactly(segment(1));
    }
    assertThat(views()).contains(List.of(1L, 2L));
  }

  @Test
  void aLogOfAnotherFormat_isRefused_andLeftAlone() throws IOException {
    write(1);
    byte[] segment = Files.readAllBytes(segment(0));
    byte[] header = new FileHeader("kith-wal", 77).encode();
    System.arraycopy(header, 0, segment, 0, header.length);
    Files.write(segment(0), segment);
    assertThatThrownBy(this::views)
        .isInstanceOf(WrongFormatException.class)
        .hasMessageContaining("77");
    assertThatThrownBy(() -> WriteAheadLog.format(folder, REALM)).isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(segment(0))).isEqualTo(segment);
  }
}
