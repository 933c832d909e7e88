package dev.kith.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The completion script for bash and zsh, made from the commands themselves. Picocli's own switches
 * the completion of file names off in every command.
 *
 * <p>Where nothing is proposed, the shell completes file names: so it does for arguments whose
 * label is that of a local file, and wherever a script cannot know better. The script walks the
 * words before the cursor to the command that they name, then looks at the word before the cursor:
 * an option that takes a value, or not.
 */
final class CompletionScript {
  private static final String HEAD =
      """
      # Completion of kith for bash and zsh: source <(kith completion)
      if [ -n "$ZSH_VERSION" ]; then
        if ! type compdef >/dev/null; then
          autoload -U +X compinit && compinit
        fi
        autoload -U +X bashcompinit && bashcompinit
      fi

      # Nothing, or with -o dirnames only folders, where the shell would complete file names.
      _kith_only() {
        if type compopt >/dev/null 2>&1; then
          compopt +o default "$@"
        fi
      }

      _kith() {
        local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command=kith skip= words= i
        COMPREPLY=()
        for ((i = 1; i < COMP_CWORD; i++)); do
          if [[ -n $skip ]]; then # bash parts --home=DIR into three words
            [[ ${COMP_WORDS[i]} == "=" ]] || skip=
            continue
          fi
          case "$command ${COMP_WORDS[i]}" in
            *" --") return ;;
            *" --home") skip=1 ;;
            %s) command="$command ${COMP_WORDS[i]}" ;;
          esac
        done
        if [[ $word == "=" ]]; then word=; fi
        if [[ $previous == "=" ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
        case "$command $previous" in
          *" --home") _kith_only -o dirnames; return ;;
      """;

  private static final String OPTIONS =
      """
          *)
            if [[ $word == -* ]]; then
              case "$command" in
      """;

  private static final String POSITIONALS =
      """
              esac
            else
              case "$command" in
      """;

  private static final String FOOT =
      """
              esac
            fi
            ;;
        esac
        if [[ -z $words ]]; then
          _kith_only
        else
          COMPREPLY=($(compgen -W "$words" -- "$word"))
          [[ $word == -* ]] || _kith_only
        fi
      }

      complete -F _kith -o default kith
      """;

  private final Map<String, CommandSpec> commands = new TreeMap<>();

  private CompletionScript(CommandLine root) {
    collect(root.getCommandSpec());
  }

  static String of(CommandLine root) {
    return new CompletionScript(root).text();
  }

  private void collect(CommandSpec command) {
    commands.put(command.qualifiedName(), command);
    command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec()));
  }

  private String text() {
    String walked =
        commands.keySet().stream()
            .filter(name -> name.contains(" "))
            .map(CompletionScript::quoted)
            .collect(Collectors.joining(" | "));
    StringBuilder script = new StringBuilder(HEAD.replace("%s", walked));
    commands.forEach((name, command) -> values(script, name, command));
    script.append(OPTIONS);
    commands.forEach(
        (name, command) -> branch(script, "          ", List.of(name), words(names(command))));
    script.append(POSITIONALS);
    commands.forEach(
        (name, command) -> branch(script, "          ", List.of(name), positionals(command)));
    return script.append(FOOT).toString();
  }

  /** What comes after each option that takes a value. */
  private static void values(StringBuilder script, String name, CommandSpec command) {
    for (OptionSpec option : command.options()) {
      if (option.arity().max() > 0 && !option.inherited()) {
        List<String> patterns = new ArrayList<>();
        for (String spelling : option.names()) {
          patterns.add(name + " " + spelling);
        }
        branch(script, "    ", patterns, value(option));
      }
    }
  }

  private static List<String> names(CommandSpec command) {
    return command.options().stream().flatMap(o -> List.of(o.names()).stream()).sorted().toList();
  }

  private static String positionals(CommandSpec command) {
    if (!command.subcommands().isEmpty()) {
      return words(command.subcommands().keySet());
    }
    return command.positionalParameters().stream()
        .map(CompletionScript::value)
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** What the shell does for a value; empty where it has nothing to propose. */
  private static String value(ArgSpec argument) {
    if (argument.completionCandidates() != null) {
      return words(
          StreamSupport.stream(argument.completionCandidates().spliterator(), false).toList());
    }
    return switch (argument.paramLabel()) {
      case "FILE", "PROGRAM" -> "return";
      case "DIR" -> "_kith_only -o dirnames; return";
      default -> "";
    };
  }

  private static String words(Iterable<String> words) {
    return "words=" + quoted(String.join(" ", words));
  }

  private static void branch(
      StringBuilder script, String indent, List<String> patterns, String action) {
    script
        .append(indent)
        .append(patterns.stream().map(CompletionScript::quoted).collect(Collectors.joining(" | ")))
        .append(") ")
        .append(action)
        .append(action.isEmpty() ? ";;\n" : " ;;\n");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
