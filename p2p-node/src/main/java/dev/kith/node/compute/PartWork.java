package dev.kith.node.compute;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/**
 * One run of a program.
 *
 * @param program SHA-256 of the module
 * @param part from 0
 * @param parts of the whole job; both are in the program's environment
 * @param arguments argv, the program's name first
 * @param timeLimit of processor time; the device's own limit applies where it is shorter
 */
public record PartWork(
    Bytes32 program, int part, int parts, List<String> arguments, Duration timeLimit) {
  /** The most arguments. */
  public static final int ARGUMENTS_MAX = 1024;

  /** The longest arguments, all together, in bytes of UTF-8. */
  public static final int ARGUMENT_BYTES_MAX = 128 << 10;

  public PartWork {
    Objects.requireNonNull(program, "program");
    arguments = List.copyOf(arguments);
    if (part < 0 || part >= parts) {
      throw new IllegalArgumentException("part: " + part + " of " + parts);
    }
    if (arguments.isEmpty() || arguments.size() > ARGUMENTS_MAX) {
      throw new IllegalArgumentException("arguments: " + arguments.size());
    }
    if (!timeLimit.isPositive()) {
      throw new IllegalArgumentException("timeLimit: " + timeLimit);
    }
  }
}
