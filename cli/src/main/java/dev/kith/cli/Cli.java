package dev.kith.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * What every command has at hand: the options that all share, the standard streams and the
 * environment. One thread.
 *
 * <p>Answers go to stdout; messages and bars to stderr. With {@code --json} exactly one JSON
 * document goes to stdout.
 */
public final class Cli {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The peer's folder (default: $KITH_HOME, else ~/.kith).")
  private Optional<Path> home = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document on stdout, and nothing else there.")
  private boolean json;

  private final InputStream in;
  private final OutputStream rawOut;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final Terminals terminals;
  private boolean answered;
  private Duration reportsEvery = Duration.ofSeconds(10);

  /**
   * A command line that somebody else serves than this process's own streams.
   *
   * @param terminal whether a person sits there, who can be asked and sees bars
   */
  public Cli(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean terminal) {
    this(in, out, err, environment, new Terminals(terminal, terminal, terminal));
  }

  /**
   * @param questions whether stdin and stdout are a terminal, so that a question may be asked
   * @param bars whether stderr is one
   * @param out whether stdout is one
   */
  private record Terminals(boolean questions, boolean bars, boolean out) {}

  private Cli(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      Terminals terminals) {
    this.in = in;
    this.rawOut = new Answers(out);
    this.out = new PrintStream(rawOut, true, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.environment = Map.copyOf(environment);
    this.terminals = terminals;
  }

  /** The streams and environment of this process. */
  @SuppressWarnings("SystemConsoleNull") // it is null where jdk.console names a missing provider
  static Cli ofProcess() {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new Cli(
        System.in,
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        new Terminals(terminal, Terminal.stderr(terminal), Terminal.stdout(terminal)));
  }

  /** Remembers that something was written. */
  private final class Answers extends FilterOutputStream {
    Answers(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      answered = true;
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      answered |= length > 0;
      out.write(bytes, offset, length);
    }
  }

  /** Whether stdout has got anything yet. */
  boolean answered() {
    return answered;
  }

  /** How often a pipe hears how far a command is. */
  Duration reportsEvery() {
    return reportsEvery;
  }

  /** For tests, which have no ten seconds. */
  void reportsEvery(Duration interval) {
    reportsEvery = interval;
  }

  public Path home() {
    return home.or(() -> environment("KITH_HOME").map(Path::of))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".kith"))
        .toAbsolutePath()
        .normalize();
  }

  public boolean json() {
    return json;
  }

  /** A variable that is set and not empty. */
  public Optional<String> environment(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Whether a person sits at the terminal: only then may a command ask a question. */
  public boolean interactive() {
    return terminals.questions;
  }

  public InputStream in() {
    return in;
  }

  /** Stdout for bytes: unbuffered, and a write fails where the reader has gone. */
  public OutputStream rawOut() {
    return rawOut;
  }

  /** Stdout for text, UTF-8. */
  public PrintStream out() {
    return out;
  }

  /** Whether stderr is a terminal on which a bar can be redrawn. */
  public boolean drawsBars() {
    return terminals.bars;
  }

  /** Whether stdout is a terminal, where a person reads it. */
  public boolean outIsTerminal() {
    return terminals.out;
  }

  /** The client of this home's daemon. */
  public DaemonClient daemon() throws IOException {
    return DaemonClient.of(home());
  }

  /** A JSON document, as it came from the daemon, on stdout. */
  public void printJson(byte[] document) {
    out.writeBytes(document);
    out.println();
  }

  /** A JSON document, perhaps a part of what the daemon said, on stdout. */
  public void printJson(JsonNode document) {
    out.println(JsonText.write(document));
  }

  /** A JSON document on stdout. */
  public void printJson(JsonText document) {
    out.println(document);
  }

  /** Stderr, UTF-8. */
  public PrintStream err() {
    return err;
  }

  /** A line for people on stderr. */
  public void say(String line) {
    err.println(line);
  }
}
