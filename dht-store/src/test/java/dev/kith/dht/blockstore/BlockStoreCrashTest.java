package dev.kith.dht.blockstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child process writes and says what was confirmed, until it is killed with SIGKILL. */
class BlockStoreCrashTest {
  @TempDir Path folder;

  @Test
  void commit_survivesSigkill() throws Exception {
    int next = 0;
    List<Integer> confirmed = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      List<Integer> lines = writeUntilKilled(next, 15 + 10 * round);
      confirmed.addAll(lines);
      // The child may have confirmed one more than it could say.
      next = confirmed.getLast() + 10;
      try (BlockStore store = SegmentBlockStoreTest.open(folder, Writer.SEGMENT_BYTES)) {
        for (int number : confirmed) {
          GroupId group = BlockStoreContract.group(number);
          assertThat(store.group(group)).as("group %d", number).isPresent();
          for (ChunkId chunk : store.chunks(group)) {
            assertThat(store.read(chunk)).isPresent();
          }
        }
      }
    }
  }

  private List<Integer> writeUntilKilled(int first, int commits) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString(),
                Integer.toString(first))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<Integer> confirmed = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      while (confirmed.size() < commits) {
        String line = lines.readLine();
        assertThat(line).as("the child ended by itself").isNotNull();
        confirmed.add(Integer.parseInt(line));
      }
      // It is in the middle of another group now. Process.destroyForcibly would close the pipe.
      child.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        confirmed.add(Integer.parseInt(line));
      }
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    return confirmed;
  }

  /** The child. */
  static final class Writer {
    static final long SEGMENT_BYTES = 2 << 20;

    private Writer() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      try (BlockStore store = SegmentBlockStoreTest.open(Path.of(arguments[0]), SEGMENT_BYTES)) {
        for (int number = Integer.parseInt(arguments[1]); ; number++) {
          try (GroupWriter writer = store.begin(BlockStoreContract.group(number), 100_000)) {
            for (int i = 0; i < 3; i++) {
              SealedChunk chunk = BlockStoreContract.chunk(number * 31L + i, 20_000 + 100 * i);
              writer.append(chunk);
            }
            writer.commit();
          }
          if (number % 3 == 2) {
            // Not promised: it goes again, so that segments are compacted while the kill comes.
            store.delete(BlockStoreContract.group(number));
          } else {
            System.out.println(number);
            System.out.flush();
          }
        }
      }
    }
  }
}
