package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The main class of the command {@code kith}. */
public final class Kith {
  private Kith() {}

  /** Commands print what matters themselves; starting a logging framework would take longer. */
  private static final String SILENT_LOGGING = "org.slf4j.helpers.NOP_FallbackServiceProvider";

  public static void main(String[] arguments) {
    System.setProperty("slf4j.provider", SILENT_LOGGING);
    System.setProperty("slf4j.internal.verbosity", "WARN");
    System.exit(run(Cli.ofProcess(), arguments));
  }

  /** Runs one command line and returns its exit code; prints errors itself. */
  public static int run(Cli cli, String... arguments) {
    return commandLine(cli, arguments).execute(arguments);
  }

  /** All commands. Looking at one class of commands costs milliseconds, at all of them a blink. */
  static CommandLine commandLine(Cli cli) {
    return commandLine(cli, new String[0]);
  }

  private static CommandLine commandLine(Cli cli, String[] arguments) {
    CommandLine root = new CommandLine(new Root());
    root.addMixin("global", cli);
    Map<String, Function<Cli, Object>> commands = Commands.builtIn();
    String wanted = firstWord(arguments);
    if (!commands.containsKey(wanted)) {
      commands = new TreeMap<>(commands);
      for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
        commands.putAll(provider.commands());
      }
    }
    if (commands.containsKey(wanted)) {
      commands = Map.of(wanted, commands.get(wanted));
    }
    commands.forEach((name, maker) -> root.addSubcommand(name, maker.apply(cli)));
    root.setExecutionExceptionHandler((e, where, parsed) -> failed(cli, where, e));
    root.setParameterExceptionHandler((e, parsed) -> misused(cli, e, parsed));
    root.setOut(writer(cli.out()));
    root.setErr(writer(cli.err()));
    root.setUsageHelpAutoWidth(true);
    return root;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** The first argument that is neither an option nor the value of {@code --home}. */
  private static String firstWord(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--home")) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return arguments[i];
      }
    }
    return "";
  }

  private static int misused(Cli cli, ParameterException e, String[] arguments) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> similar =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.<String>of();
    String hint =
        similar.isEmpty()
            ? "see " + command + " --help"
            : "did you mean: " + String.join(", ", similar);
    Failure failure = Failure.of(Problem.BAD_REQUEST, oneLine(e.getMessage()) + " (" + hint + ")");
    // Where parsing stopped, --json may not have been reached.
    boolean json =
        Arrays.stream(arguments).takeWhile(a -> !a.equals("--")).anyMatch("--json"::equals);
    return tell(cli, failure, json);
  }

  /** One line on stderr, and one document on stdout where a script waits for one. */
  private static int tell(Cli cli, Failure failure, boolean json) {
    cli.say("kith: " + failure.message());
    if (json && !cli.answered()) {
      cli.printJson(JsonText.object().with("error", failure.json()));
    }
    return failure.code().code();
  }

  private static int failed(Cli cli, CommandLine where, Exception e) {
    return switch (e) {
      case NodeException refused -> tell(cli, Failure.of(refused), cli.json());
      case InterruptedException _, InterruptedIOException _ -> ExitCode.INTERRUPTED.code();
      case OutputClosedException _ -> ExitCode.INTERRUPTED.code();
      case IOException failure -> tell(cli, Failure.of(failure), cli.json());
      default -> {
        String command = where.getCommandSpec().qualifiedName();
        String message = "this is a bug in " + command + ": " + oneLine(e.toString());
        int code = tell(cli, Failure.of(Problem.INTERNAL, message), cli.json());
        if (cli.environment("KITH_DEBUG").isPresent()) {
          e.printStackTrace(cli.err());
        } else {
          cli.say("kith: with KITH_DEBUG=1 it shows where");
        }
        yield code;
      }
    };
  }

  static String oneLine(@Nullable String text) {
    return text == null ? "unknown reason" : text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }

  @Command(
      name = "kith",
      mixinStandardHelpOptions = true,
      scope = ScopeType.INHERIT,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "One encrypted store and one parallel computer, made of your devices.",
      footer = {"", "Exit codes and JSON: docs/cli.md."})
  static final class Root {}

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Kith.class.getPackage().getImplementationVersion();
      return new String[] {"kith " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
