package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
  @TempDir private Path folder;

  @Test
  void open_findsAllThatWasWrittenWhereverAKillCutIt() throws IOException {
    Path file = folder.resolve("journal");
    try (JournalFile journal = JournalFile.open(file, entry -> {})) {
      for (int i = 0; i < 5; i++) {
        journal.append(new Writer().u32(i).raw(new byte[i]));
      }
      journal.sync();
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = whole.length; length >= 0; length--) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      List<Bytes> entries = new ArrayList<>();
      try (JournalFile journal = JournalFile.open(file, entries::add)) {
        journal.append(new Writer().u32(99));
      }
      for (int i = 0; i < entries.size(); i++) {
        assertThat(entries.get(i).getInt(0)).isEqualTo(i);
      }
      List<Bytes> again = new ArrayList<>();
      JournalFile.open(file, again::add).close();
      assertThat(again).hasSize(entries.size() + 1);
    }
  }

  @Test
  void open_stopsAtADamagedEntry() throws IOException {
    Path file = folder.resolve("journal");
    try (JournalFile journal = JournalFile.open(file, entry -> {})) {
      for (int i = 0; i < 3; i++) {
        journal.append(new Writer().u32(i));
      }
    }
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(12 + 8);
      access.write(77);
    }
    List<Bytes> entries = new ArrayList<>();
    JournalFile.open(file, entries::add).close();
    assertThat(entries).hasSize(1);
    assertThat(Files.size(file)).isEqualTo(12);
  }
}
