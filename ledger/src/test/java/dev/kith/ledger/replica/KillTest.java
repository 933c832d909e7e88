package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KillTest {
  @TempDir Path folder;

  /** SIGKILL at any moment: what was called final is there, and the next start goes on. */
  @Test
  void whatWasFinal_survivesKill9() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int last = 0;
    for (int round = 0; round < 5; round++) {
      Process peer = start();
      try (BufferedReader lines = peer.inputReader(StandardCharsets.UTF_8)) {
        String[] found = read(lines).split(" ", -1);
        assertThat(found[0]).isEqualTo("found");
        // One more may have become final that the dead process had no time to tell of.
        assertThat(Integer.parseInt(found[1]))
            .as("round %s, seed %s", round, seed)
            .isBetween(last, last + 1);
        for (int i = random.nextInt(60); i >= 0; i--) {
          String[] line = read(lines).split(" ", -1);
          assertThat(line[0]).isEqualTo("final");
          last = Integer.parseInt(line[1]);
        }
        peer.toHandle().destroyForcibly(); // Process.destroyForcibly would close its output
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          last = line.endsWith(".") ? Integer.parseInt(line.split(" ", -1)[1]) : last;
        }
        peer.waitFor();
      } finally {
        peer.destroyForcibly();
      }
    }
  }

  private static String read(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the peer ended by itself");
    }
    return line;
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledPeer.class.getName(),
                folder.resolve("ledger").toString()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
