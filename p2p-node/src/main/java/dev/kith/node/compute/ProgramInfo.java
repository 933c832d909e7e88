package dev.kith.node.compute;

import java.util.List;
import java.util.Optional;

/**
 * What a module says that it needs.
 *
 * @param bytes of the module
 * @param capabilities sorted, such as {@code runtime.wasm}, {@code wasi.preview1}, {@code
 *     host.env.read_sensor}
 * @param memoryBytesMin of linear memory at start
 * @param memoryBytesMax that it may grow to, where it says so
 */
public record ProgramInfo(
    long bytes, List<String> capabilities, long memoryBytesMin, Optional<Long> memoryBytesMax) {
  public ProgramInfo {
    capabilities = List.copyOf(capabilities);
  }
}
