package dev.kith.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The commands of this module, by name. */
final class Commands {
  private Commands() {}

  static Map<String, Function<Cli, Object>> builtIn() {
    Map<String, Function<Cli, Object>> commands = new TreeMap<>();
    commands.put("completion", CompletionCommand::new);
    return commands;
  }
}
