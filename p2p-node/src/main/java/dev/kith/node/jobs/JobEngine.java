package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.libp2p.host.Host;
import dev.kith.node.compute.ComputeService;
import dev.kith.node.files.FileService;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Coordinates this owner's jobs and works for those of other peers: serves {@code
 * /kith/<realm8>/work/1} and {@code /kith/<realm8>/job/1} on the host. Thread-safe.
 */
public final class JobEngine implements JobService, AutoCloseable {
  private JobEngine() {}

  /**
   * Starts serving, and goes on with the unsealed jobs that an earlier run of this peer
   * coordinated.
   *
   * @param folder of this engine alone, such as {@code HOME/jobs}; made where it is absent
   * @param jobKey the owner's job key; encrypts what jobs put on the ledger
   */
  public static JobEngine start(
      Path folder,
      Host host,
      Ledger ledger,
      FileService files,
      ComputeService compute,
      Bytes32 jobKey)
      throws IOException {
    return new JobEngine();
  }

  @Override
  public ProgramNeeds inspect(Bytes program) throws IOException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public Bytes32 start(JobRequest request) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public JobView await(Bytes32 job, OutputStream out, Consumer<JobView> progress)
      throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public JobView show(Bytes32 job) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public List<JobView> list(int limit) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public void cancel(Bytes32 job, String reason) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  /** Stops coordinating and serving; unsealed jobs go on at the next start. */
  @Override
  public void close() {}
}
