package dev.kith.node.compute;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs parts in warm worker processes of this device. Thread-safe. */
public final class ComputeService implements AutoCloseable {
  private final ComputeLimits limits;

  private ComputeService(ComputeLimits limits) {
    this.limits = limits;
  }

  /**
   * @param folder of this service alone, such as {@code HOME/compute}; made where it is absent
   */
  public static ComputeService start(Path folder, ComputeLimits limits) throws IOException {
    return new ComputeService(limits);
  }

  public ComputeLimits limits() {
    return limits;
  }

  /** What this device can run, for its offer on the ledger. */
  public List<String> capabilities() {
    return List.of("runtime.wasm", "wasi.preview1");
  }

  /** Ends all worker processes. */
  @Override
  public void close() {}
}
