package dev.kith.node.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** Runs parts on this device. Thread-safe. */
public interface PartExecutor {
  ComputeLimits limits();

  /** What this device can run, such as {@code runtime.wasm}; for its offer on the ledger. */
  List<String> capabilities();

  boolean hasProgram(Bytes32 program);

  /**
   * Keeps a program. Reads {@code length} bytes, and checks them against the hash.
   *
   * @return false where they do not match; nothing is kept then
   */
  boolean addProgram(Bytes32 program, InputStream content, long length) throws IOException;

  /**
   * Compiles a program unless that was done before. Blocks.
   *
   * @return why it cannot be run, if so
   */
  Optional<PartOutcome.Failed> prepare(Bytes32 program) throws IOException, InterruptedException;

  /**
   * Joins the queue for a slot.
   *
   * @param rank 0 for the attempt that is to run first; each rank above waits a while longer, so
   *     that spare racers run where there is nothing better to do
   * @return empty when as many as allowed wait already
   */
  Optional<Turn> enter(int rank);

  /**
   * Runs a part in the calling thread's turn. Blocks; an interrupt cancels it.
   *
   * @param stdin read by another thread, which is interrupted when the program ends early
   * @param stdout gets the answer; what it got is void unless the outcome is Answered
   * @throws IOException when {@code stdout} failed
   */
  PartOutcome run(PartWork work, InputStream stdin, OutputStream stdout)
      throws IOException, InterruptedException;

  /** A place in the queue for a slot, then the slot. */
  interface Turn extends AutoCloseable {
    /** Blocks until the slot is this turn's. */
    void await() throws InterruptedException;

    @Override
    void close();
  }
}
