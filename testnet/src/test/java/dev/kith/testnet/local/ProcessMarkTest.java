package dev.kith.testnet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMarkTest {
  @TempDir Path folder;

  @Test
  void process_isFoundByItsMark() throws Exception {
    Path file = folder.resolve("process");
    ProcessMark.of(ProcessHandle.current()).write(file);
    assertThat(ProcessMark.read(file).flatMap(ProcessMark::process))
        .contains(ProcessHandle.current());
  }

  @Test
  void process_thatWasGivenAUsedPidIsAnotherOne() {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    ProcessMark earlier = new ProcessMark(self.pid(), self.startedMillis() - 60_000);
    assertThat(earlier.process()).isEmpty();
  }

  @Test
  void read_ofNothingOrOfAnythingElseIsEmpty() throws Exception {
    assertThat(ProcessMark.read(folder.resolve("absent"))).isEqualTo(Optional.empty());
    Path strange = Files.writeString(folder.resolve("strange"), "four thousand\n");
    assertThat(ProcessMark.read(strange)).isEmpty();
  }
}
