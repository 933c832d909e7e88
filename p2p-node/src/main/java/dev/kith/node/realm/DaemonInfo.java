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
 * @param process the daemon's
 * @param apiPort on 127.0.0.1
 * @param peerId in text form
 */
public record DaemonInfo(ProcessIdentity process, int apiPort, String peerId) {

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
              new ProcessIdentity(
                  Long.parseLong(properties.getProperty("pid", "")),
                  properties.getProperty("birth", "")),
              Integer.parseInt(properties.getProperty("api-port", "")),
              properties.getProperty("peer-id", "")));
    } catch (NumberFormatException e) {
      return Optional.empty(); // not written by a daemon, so it says nothing
    }
  }

  void write(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String text =
        "pid=%d%nbirth=%s%napi-port=%d%npeer-id=%s%n"
            .formatted(pid(), process.birth(), apiPort, peerId);
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    DurableFiles.write(file, bytes.toByteArray());
  }

  public long pid() {
    return process.pid();
  }

  /** Whether that very process still runs. */
  public boolean alive() {
    return process.process().isPresent();
  }

  /** What the process that calls this would write of itself. */
  public static DaemonInfo ofThisProcess(int apiPort, String peerId) {
    return new DaemonInfo(ProcessIdentity.of(ProcessHandle.current()), apiPort, peerId);
  }
}
