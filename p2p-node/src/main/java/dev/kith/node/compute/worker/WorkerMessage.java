package dev.kith.node.compute.worker;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the daemon and a worker process say to each other over the worker's stdin and stdout. {@link
 * MessageCodec} holds the binary form.
 */
public sealed interface WorkerMessage {
  /** The longest run of bytes in one message. */
  int DATA_BYTES_MAX = 64 << 10;

  /** The most bytes of stdin that may be under way to the worker unread. */
  int STDIN_WINDOW = 1 << 20;

  /** From the daemon. */
  sealed interface Command extends WorkerMessage {}

  /** From the worker. */
  sealed interface Report extends WorkerMessage {}

  /**
   * Makes a program ready. The worker answers with {@link Compiled} messages where there is no
   * compiled form, also when it has the program loaded; then {@link Loaded} or {@link Ended}.
   *
   * @param program its hash in hex
   * @param modulePath the file of the module
   * @param compiledPath the file of its compiled form; empty where there is none yet
   */
  record Load(String program, String modulePath, String compiledPath) implements Command {}

  /**
   * Runs a loaded program once. The worker answers with {@link Stdout} and {@link StdinWanted}
   * messages, then {@link Ended}.
   *
   * @param memoryPages the most 64 KiB pages of linear memory
   * @param answerBytes the most bytes on stdout
   * @param seed of the program's random numbers
   * @param arguments argv, the program's name first
   * @param environment as {@code NAME=value}
   */
  record Run(
      String program,
      int memoryPages,
      long answerBytes,
      long seed,
      List<String> arguments,
      List<String> environment)
      implements Command {
    public Run {
      arguments = List.copyOf(arguments);
      environment = List.copyOf(environment);
    }
  }

  /** The next bytes on the program's stdin. */
  record Stdin(ByteBuffer bytes) implements Command {}

  record StdinEnd() implements Command {}

  /** Stops the run. The worker answers with {@link Ended} unless the run was over. */
  record Cancel() implements Command {}

  /** The next bytes of the compiled form. */
  record Compiled(ByteBuffer bytes) implements Report {}

  /**
   * The program can be run now.
   *
   * @param evicted another one that cannot any more, as this one took its place; empty for none
   */
  record Loaded(String evicted) implements Report {}

  /** The program read this many bytes of its stdin; as many more may be sent. */
  record StdinWanted(int bytes) implements Report {}

  /** The next bytes of the answer. */
  record Stdout(ByteBuffer bytes) implements Report {}

  /**
   * The run, or a load that failed, is over.
   *
   * @param exitCode of the program; 0 unless the end is EXITED
   * @param detail one line, empty for a plain end
   * @param stderrTail the last bytes that the program wrote to stderr
   */
  record Ended(End end, int exitCode, String detail, String stderrTail) implements Report {}

  /** How a run ended. The names are on the wire. */
  enum End {
    /** By itself, with an exit code. */
    EXITED,
    /** By a trap: an out-of-bounds access, an unreachable instruction, a spent stack. */
    TRAPPED,
    /** It wanted more memory than it may have. */
    MEMORY,
    /** It wrote more than an answer may hold. */
    ANSWER_TOO_LONG,
    CANCELLED,
    /** The module is damaged or uses what the runtime does not know. */
    BAD_MODULE,
    /** A bug in the worker; it ends itself. */
    INTERNAL
  }
}
