package dev.kith.testnet.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.kith.node.daemon.DaemonLauncher;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One peer of a testnet: its home, and the process that serves it, if one does. */
final class LocalPeer {
  /** A daemon that does not end by itself after this is killed. */
  private static final Duration TERM_GRACE = Duration.ofSeconds(15);

  private static final Duration KILL_GRACE = Duration.ofSeconds(10);

  private final int number;
  private final Path folder;

  LocalPeer(Path testnet, int number) {
    this.number = number;
    this.folder = testnet.resolve("peer-" + number);
  }

  int number() {
    return number;
  }

  Path folder() {
    return folder;
  }

  Home home() throws IOException {
    return Home.open(folder);
  }

  /** What a serving daemon says of itself. */
  Optional<DaemonInfo> daemon() throws IOException {
    return home().daemon();
  }

  /** The peer's process, serving or not: one that was started here, or by {@code kith up}. */
  Optional<ProcessHandle> process() throws IOException {
    Optional<ProcessHandle> started = marked().flatMap(ProcessIdentity::process);
    if (started.isPresent()) {
      return started;
    }
    return daemon().flatMap(d -> ProcessHandle.of(d.pid())).filter(ProcessHandle::isAlive);
  }

  /**
   * Starts the daemon, detached from this process; returns at once. The password goes along, so
   * that a KITH_PASSWORD of the user's other homes is not taken for this one's.
   */
  Process launch(DaemonLauncher launcher) throws IOException {
    Process process = launcher.start(folder, home().storedPassword().orElseThrow());
    try {
      Path fresh = mark().resolveSibling(mark().getFileName() + ".new");
      Files.writeString(fresh, ProcessIdentity.of(process.toHandle()).toString());
      Files.move(fresh, mark(), REPLACE_EXISTING, ATOMIC_MOVE);
    } catch (IOException e) {
      process.destroyForcibly(); // nobody would know of it
      throw e;
    }
    return process;
  }

  /** SIGKILL, for the daemon and its workers, as when a machine loses power; whether it ran. */
  boolean kill() throws IOException, InterruptedException {
    Optional<ProcessHandle> process = process();
    if (process.isEmpty()) {
      return false;
    }
    List<ProcessHandle> all = family(process.get());
    all.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(all, KILL_GRACE);
    return true;
  }

  /** SIGTERM, and SIGKILL for what is left after a while; whether it ran. */
  boolean stop() throws IOException, InterruptedException {
    Optional<ProcessHandle> process = process();
    if (process.isEmpty()) {
      return false;
    }
    Map<Long, ProcessHandle> all = new LinkedHashMap<>();
    family(process.get()).forEach(p -> all.put(p.pid(), p));
    process.get().destroy();
    awaitEnd(List.of(process.get()), TERM_GRACE);
    // Where it still runs, it may have started further workers meanwhile.
    family(process.get()).forEach(p -> all.putIfAbsent(p.pid(), p));
    List<ProcessHandle> left = all.values().stream().filter(ProcessHandle::isAlive).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    awaitEnd(left, KILL_GRACE);
    Files.deleteIfExists(mark());
    return true;
  }

  private Optional<ProcessIdentity> marked() throws IOException {
    try {
      return ProcessIdentity.parse(Files.readString(mark()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Names the process that was started here, before it serves. */
  private Path mark() {
    return folder.resolve("process");
  }

  private static List<ProcessHandle> family(ProcessHandle process) {
    List<ProcessHandle> all = new ArrayList<>();
    all.add(process);
    process.descendants().forEach(all::add);
    return all;
  }

  private static void awaitEnd(List<ProcessHandle> processes, Duration longest)
      throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return; // the caller looks who is left
      } catch (ExecutionException e) {
        throw new IllegalStateException("waiting for a process", e);
      }
    }
  }
}
