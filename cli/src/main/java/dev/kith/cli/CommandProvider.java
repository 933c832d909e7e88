package dev.kith.cli;

import java.util.Map;
import java.util.function.Function;

/**
 * Adds commands from a module that the CLI does not know. Found through {@link
 * java.util.ServiceLoader}.
 */
public interface CommandProvider {
  /**
   * Top-level commands by name. Each value makes an object that picocli understands, as a rule a
   * {@link KithCommand}; it is called only when that command, or help about all, is wanted.
   */
  Map<String, Function<Cli, Object>> commands();
}
