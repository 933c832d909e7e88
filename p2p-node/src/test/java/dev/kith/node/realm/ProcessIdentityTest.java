package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  private final ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());

  @Test
  void process_isFoundByWhatWasWritten() {
    assertThat(ProcessIdentity.parse(self.toString()).flatMap(ProcessIdentity::process))
        .contains(ProcessHandle.current());
  }

  @Test
  void process_thatWasGivenAUsedPidIsAnotherOne() {
    assertThat(new ProcessIdentity(self.pid(), self.birth() + "0").process()).isEmpty();
  }

  @Test
  void process_thatHasEndedIsNone() throws Exception {
    Process child =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-version").start();
    ProcessIdentity identity = ProcessIdentity.of(child.toHandle());
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(identity.process()).isEmpty();
  }

  @Test
  void parse_ofAnythingElseIsEmpty() {
    assertThat(ProcessIdentity.parse("")).isEmpty();
    assertThat(ProcessIdentity.parse("four thousand")).isEmpty();
    assertThat(ProcessIdentity.parse("1 2 3")).isEmpty();
  }
}
