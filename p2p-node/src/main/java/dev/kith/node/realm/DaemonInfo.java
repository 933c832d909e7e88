package dev.kith.node.realm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What a running daemon tells the commands of its home, in {@code daemon.properties}. The file is
 * left behind by a daemon that was killed: see {@link #alive}.
 *
 * @param pid of the daemon
 * @param apiPort on 127.0.0.1
 * @param peerId in text form
 * @param startedMillis of the process, milliseconds since 1970; tells a pid that was used anew
 */
public record DaemonInfo(long pid, int apiPort, String peerId, long startedMillis) {

  static Optional<DaemonInfo> read(Path file) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new java.io.StringReader(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new DaemonInfo(
              Long.parseLong(properties.getProperty("pid", "")),
              Integer.parseInt(properties.getProperty("api-port", "")),
              properties.getProperty("peer-id", ""),
              Long.parseLong(properties.getProperty("started", ""))));
    } catch (NumberFormatException e) {
      return Optional.empty(); // not written by a daemon, so it says nothing
    }
  }

  void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String text =
        "pid=%d%napi-port=%d%npeer-id=%s%nstarted=%d%n"
            .formatted(pid, apiPort, peerId, startedMillis);
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    DurableFiles.write(file, bytes.toByteArray());
  }

  /** Whether that very process still runs. */
  public boolean alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(start -> Math.abs(start.toEpochMilli() - startedMillis) < 5_000)
                    .orElse(true))
        .orElse(false);
  }

  /** What the process that calls this would write of itself. */
  public static DaemonInfo ofThisProcess(int apiPort, String peerId) {
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    return new DaemonInfo(self.pid(), apiPort, peerId, started);
  }
}
