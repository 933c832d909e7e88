package dev.kith.ledger.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.FileHeader;
import dev.kith.ledger.disk.WatchedDisk;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Signatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchiveTest {
  private static final Bytes32 REALM = Bytes32.repeat((byte) 1);

  @TempDir Path folder;

  private static Archived block(int height) {
    Batch batch = Batch.sign(REALM, TestMembers.device(1), height, 100, TestFacts.all(REALM));
    Committee committee =
        new Committee(
            REALM,
            0,
            List.of(TestMembers.device(0).publicKey().raw()),
            REALM,
            Signatures::verifyHash);
    ChainPoint parent =
        new ChainPoint(Bytes32.repeat((byte) height), height - 1, height - 1, height, 0);
    List<BatchRef> refs = List.of(BatchRef.of(batch));
    Block block =
        new Block(
            Header.of(
                committee,
                height,
                parent,
                height + 1,
                Block.bodyRoot(refs),
                refs.getFirst().bytes(),
                refs.getFirst().records(),
                Bytes32.ZERO,
                Bytes32.ZERO),
            refs);
    Certificate certificate =
        new Certificate(
            Statement.finalize(0, height, block.digest()), 1, List.of(Bytes.repeat((byte) 1, 64)));
    List<Optional<Refusal>> refusals =
        new ArrayList<>(Collections.nCopies(refs.getFirst().records(), Optional.empty()));
    refusals.set(1, Optional.of(Refusal.WRONG_VERSION));
    return new Archived(
        new FinalBlock(block, List.of(batch), new Finality(List.of(), certificate)), refusals);
  }

  private List<Long> redone(Location last) throws IOException {
    List<Long> heights = new ArrayList<>();
    try (Archive archive = Archive.open(folder, last, Disk.REAL)) {
      archive.redo((block, location) -> heights.add(block.block().block().height()));
    }
    return heights;
  }

  @Test
  void blocks_areReadBack_withWhatBecameOfTheirRecords() throws IOException {
    try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
      Location first = archive.append(block(1));
      Location second = archive.append(block(2));
      archive.force();
      assertThat(archive.read(second)).isEqualTo(block(2));
      assertThat(archive.read(first)).isEqualTo(block(1));
      assertThat(Location.decode(first.encode())).isEqualTo(first);
    }
  }

  @Test
  void blocksThatTheStateLacks_areHandedOut_andTheFileGoesOn() throws IOException {
    Location first;
    try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
      first = archive.append(block(1));
      archive.append(block(2));
      archive.append(block(3));
    }
    assertThat(redone(first)).containsExactly(2L, 3L);
    assertThat(redone(Location.NOWHERE)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aTornBlock_isCutOff() throws IOException {
    Location second;
    try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
      archive.append(block(1));
      second = archive.append(block(2));
    }
    Path file = folder.resolve("blocks-00000000.log");
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 1; cut < second.bytes(); cut += 97) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      assertThat(redone(Location.NOWHERE)).containsExactly(1L);
      assertThat(Files.size(file)).isEqualTo(second.offset());
    }
  }

  @Test
  void aDamagedBlock_isFoundWhenRead() throws IOException {
    Location first;
    try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
      first = archive.append(block(1));
    }
    Path file = folder.resolve("blocks-00000000.log");
    byte[] whole = Files.readAllBytes(file);
    whole[whole.length / 2] ^= 1;
    Files.write(file, whole);
    try (Archive archive = Archive.open(folder, first, Disk.REAL)) {
      assertThatThrownBy(() -> archive.read(first))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("damaged");
    }
  }

  /** After a power cut a file without a name is gone, whatever was forced in it. */
  @Test
  void aNewFile_isOnDiskByName() throws IOException {
    WatchedDisk disk = new WatchedDisk((operation, file) -> {});
    try (Archive archive = Archive.open(folder, Location.NOWHERE, disk)) {
      archive.append(block(1));
    }
    List<String> operations = disk.operations();
    assertThat(operations.indexOf("force " + folder.getFileName()))
        .as("%s", operations)
        .isGreaterThan(operations.indexOf("force blocks-00000000.log"));
    assertThat(operations).contains("force blocks-00000000.log");
  }

  /** A crash of the process leaves blocks that only memory holds; what is above them is deleted. */
  @Test
  void blocksThatWereHandedOut_areForced() throws IOException {
    try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
      archive.append(block(1));
    }
    WatchedDisk disk = new WatchedDisk((operation, file) -> {});
    try (Archive archive = Archive.open(folder, Location.NOWHERE, disk)) {
      archive.redo((block, location) -> {});
      assertThat(disk.operations()).endsWith("force blocks-00000000.log");
    }
  }

  @Test
  void aFileWhoseMakingWasCutShort_isMadeAnew() throws IOException {
    Path file = folder.resolve("blocks-00000000.log");
    for (int bytes = 0; bytes <= FileHeader.BYTES; bytes++) {
      Files.write(file, new byte[bytes]);
      assertThat(redone(Location.NOWHERE)).isEmpty();
      try (Archive archive = Archive.open(folder, Location.NOWHERE, Disk.REAL)) {
        archive.append(block(1));
      }
      assertThat(redone(Location.NOWHERE)).containsExactly(1L);
    }
  }

  @Test
  void anArchiveOfAnotherFormat_isRefused() throws IOException {
    Path file = folder.resolve("blocks-00000000.log");
    Files.write(file, new FileHeader("kith-blk", 77).encode());
    assertThatThrownBy(() -> Archive.open(folder, Location.NOWHERE, Disk.REAL))
        .isInstanceOf(WrongFormatException.class)
        .hasMessageContaining("77");
  }
}
