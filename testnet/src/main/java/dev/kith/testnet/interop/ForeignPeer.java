package dev.kith.testnet.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that prints lines, and ends when its stdin does. Every wait has an end, and a failure
 * shows what the process printed last, on stderr too. One thread uses it.
 */
public final class ForeignPeer implements AutoCloseable {
  private static final int SHOWN_MAX = 200;
  private static final int LINES_SHOWN = 40;
  private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

  private final String name;
  private final Process process;
  private final Writer stdin;

  /** Of stdout; the empty one is its end. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private final Deque<String> printed = new ArrayDeque<>();
  private final List<Thread> readers;

  private ForeignPeer(String name, Process process) {
    this.name = name;
    this.process = process;
    this.stdin = process.outputWriter();
    this.readers =
        List.of(
            Thread.ofVirtual()
                .start(
                    () -> {
                      readAll(process.inputReader(), line -> lines.add(Optional.of(line)));
                      lines.add(Optional.empty());
                    }),
            Thread.ofVirtual().start(() -> readAll(process.errorReader(), line -> {})));
  }

  /**
   * Starts a command.
   *
   * @param name what failures call it
   * @throws IOException when there is no such command
   */
  public static ForeignPeer start(String name, Path folder, List<String> command)
      throws IOException {
    Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
    return new ForeignPeer(name, process);
  }

  private void readAll(BufferedReader reader, java.util.function.Consumer<String> each) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (printed) {
          printed.add(line);
          if (printed.size() > LINES_SHOWN) {
            printed.remove();
          }
        }
        each.accept(line);
      }
    } catch (IOException e) {
      // The process was killed: its output ends here.
    }
  }

  /** The operating system's number of the process. */
  public long pid() {
    return process.pid();
  }

  /** The next line of stdout. */
  public String line(Duration timeout) throws IOException, InterruptedException {
    return next(timeout).orElseThrow(() -> failure("ended"));
  }

  /** The next line of stdout, a JSON document. */
  public JsonNode json(Duration timeout) throws IOException, InterruptedException {
    return parse(line(timeout));
  }

  /** The lines until one says {@code ready}. */
  public List<String> untilReady(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<String> before = new ArrayList<>();
    String line = line(timeout);
    while (!line.equals("ready")) {
      before.add(line);
      line = line(Duration.ofNanos(deadline - System.nanoTime()));
    }
    return before;
  }

  /**
   * All lines that are left; the process must end well.
   *
   * @throws IOException when it ends with another code than 0, or not within {@code timeout}
   */
  public List<String> untilEnd(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<String> all = new ArrayList<>();
    Optional<String> line = next(timeout);
    while (line.isPresent()) {
      all.add(line.get());
      line = next(Duration.ofNanos(deadline - System.nanoTime()));
    }
    if (!process.waitFor(END_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS) || process.exitValue() != 0) {
      throw failure("failed");
    }
    return all;
  }

  /** As {@link #untilEnd}, each line a JSON document. */
  public List<JsonNode> jsonUntilEnd(Duration timeout) throws IOException, InterruptedException {
    List<JsonNode> documents = new ArrayList<>();
    for (String line : untilEnd(timeout)) {
      documents.add(parse(line));
    }
    return documents;
  }

  /** Writes a line to its stdin. */
  public void say(String line) throws IOException {
    stdin.write(line);
    stdin.write('\n');
    stdin.flush();
  }

  /** Ends its stdin: it is to end. */
  public void endInput() throws IOException {
    stdin.close();
  }

  private Optional<String> next(Duration timeout) throws IOException, InterruptedException {
    Optional<String> next = lines.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (next == null) {
      throw failure("was silent for too long");
    }
    if (next.isEmpty()) {
      lines.add(next);
    }
    return next;
  }

  private JsonNode parse(String line) throws IOException {
    try {
      return JsonMapper.shared().readTree(line);
    } catch (JacksonException e) {
      String shown = line.length() > SHOWN_MAX ? line.substring(0, SHOWN_MAX) + " ..." : line;
      throw new IOException(name + " printed no JSON: " + shown, e);
    }
  }

  private IOException failure(String what) {
    String state = process.isAlive() ? "" : " (exit code " + process.exitValue() + ")";
    synchronized (printed) {
      return new IOException(
          name + " " + what + state + "; its last lines:\n" + String.join("\n", printed));
    }
  }

  /** Ends it, by force where it does not end by itself. */
  @Override
  public void close() {
    try {
      try {
        stdin.close();
      } catch (IOException e) {
        // It has ended already, and does not read what was said to it last.
      }
      if (!process.waitFor(END_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
        process.destroyForcibly();
      }
      for (Thread reader : readers) {
        reader.join(END_TIMEOUT);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
