package dev.kith.node.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Runs programs on the mesh. Thread-safe; every method blocks. All methods throw {@link
 * dev.kith.node.NodeException} for what the world or the caller did.
 */
public interface JobService {
  /** The most inputs of a job. */
  int INPUTS_MAX = 10_000;

  /** The most arguments of a job, and their longest together in bytes of UTF-8. */
  int ARGUMENTS_MAX = 256;

  int ARGUMENT_BYTES_MAX = 127 << 10;

  /** The longest that a job may take. */
  Duration TIMEOUT_MAX = Duration.ofDays(7);

  /** What a program needs, found by parsing it; runs nothing. */
  ProgramNeeds inspect(Bytes program) throws IOException;

  /**
   * Checks and splits the job, opens it on the ledger and starts its coordination. It goes on
   * whether or not anybody watches it.
   */
  Bytes32 start(JobRequest request) throws IOException, InterruptedException;

  /**
   * Blocks until the job is over, and writes the joined answer to {@code out} as its prefix becomes
   * complete.
   *
   * @param out flushed once a second at least while nothing is written, so that it can find out
   *     that its reader has left; an IOException of its ends the waiting, not the job
   * @param progress told of each change, at most ten times a second
   */
  JobView await(Bytes32 job, OutputStream out, Consumer<JobView> progress)
      throws IOException, InterruptedException;

  /** A job as this realm knows it, with all attempts; any peer of the owner can tell. */
  JobView show(Bytes32 job) throws IOException, InterruptedException;

  /** Newest first, without attempts. */
  List<JobView> list(int limit) throws IOException, InterruptedException;

  /**
   * Ends the job without an answer. Returns when it is over.
   *
   * @throws dev.kith.node.NodeException where it has another end already, or may have yet
   */
  void cancel(Bytes32 job, String reason) throws IOException, InterruptedException;

  /**
   * @param program its bytes, at most 64 MiB
   * @param programName for people
   * @param inputs in order
   * @param split how inputs become parts
   * @param entropy racers beyond the one needed, 0 to 8
   * @param arguments argv after the program's name
   * @param timeout of the whole job
   */
  record JobRequest(
      Bytes program,
      String programName,
      List<Input> inputs,
      Split split,
      int entropy,
      List<String> arguments,
      Duration timeout) {
    public JobRequest {
      inputs = List.copyOf(inputs);
      arguments = List.copyOf(arguments);
    }
  }

  /** Where an input's bytes come from. */
  sealed interface Input {
    /** A path in the store. */
    record Stored(String path) implements Input {}

    /** A file that was uploaded to this daemon; it is deleted when the job has taken it over. */
    record Spooled(String name, Path file) implements Input {}
  }

  /** How inputs become parts. */
  sealed interface Split {
    record Files() implements Split {}

    record Lines(int count) implements Split {}

    record Size(long bytes) implements Split {}

    /** Both included; each number is a part's last argument. */
    record Range(long first, long last) implements Split {}
  }

  /**
   * @param capabilities names such as {@code runtime.wasm}, {@code wasi.preview1}
   * @param memoryBytesMin the memory that the module asks for at start
   */
  record ProgramNeeds(
      String kind,
      long bytes,
      List<String> capabilities,
      long memoryBytesMin,
      Optional<Long> memoryBytesMax) {}
}
