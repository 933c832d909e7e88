package dev.kith.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Draws a job's progress, from a thread of its own, while another waits for its answer. */
final class JobFollower implements AutoCloseable {
  private final Thread thread;

  private JobFollower(Thread thread) {
    this.thread = thread;
  }

  static JobFollower start(Cli cli, DaemonClient daemon, String job) {
    return new JobFollower(
        Thread.ofPlatform().daemon().name("job-progress").start(() -> follow(cli, daemon, job)));
  }

  private static void follow(Cli cli, DaemonClient daemon, String job) {
    try (BufferedReader events =
            new BufferedReader(
                new InputStreamReader(
                    daemon.open("jobs/" + job + "/events", Map.of()), StandardCharsets.UTF_8));
        Progress progress = new Progress(cli, "run", Progress.Unit.PARTS, -1)) {
      for (String line; (line = events.readLine()) != null; ) {
        JsonNode event = JsonNode.parse(line.getBytes(StandardCharsets.UTF_8));
        progress.total(event.number("partsTotal"));
        progress.at(event.number("partsDone"));
      }
    } catch (IOException | IllegalArgumentException e) {
      return; // only the bar is lost: what became of the job is told with its answer
    }
  }

  /** Waits a moment for the bar to be wiped. */
  @Override
  public void close() {
    try {
      thread.join(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
