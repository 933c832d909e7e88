package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/cli.md is a promise: the program must keep it. */
class DocumentationTest {
  private static final Path PAGE = Path.of("..", "docs", "cli.md");

  @Test
  void exitCodes_areThoseOfTheProgram() throws IOException {
    List<String> documented =
        Pattern.compile("(?m)^\\| (\\d+) \\| (\\w+) \\| (.+) \\|$")
            .matcher(Files.readString(PAGE))
            .results()
            .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
            .toList();
    List<String> program = new ArrayList<>();
    for (ExitCode code : ExitCode.values()) {
      program.add(code.code() + " " + code + " " + code.meaning());
    }
    assertThat(documented).containsExactlyElementsOf(program);
  }

  @Test
  void commands_andTheirOptionsAllAppear() throws IOException {
    String page = Files.readString(PAGE);
    Cli cli =
        new Cli(
            InputStream.nullInputStream(),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            Map.of(),
            false);
    List<String> missing = new ArrayList<>();
    Kith.commandLine(cli)
        .getSubcommands()
        .forEach((name, command) -> check("kith " + name, command, page, missing));
    assertThat(missing).isEmpty();
  }

  private static void check(String name, CommandLine command, String page, List<String> missing) {
    if (!page.contains("`" + name)) {
      missing.add(name);
    }
    String section =
        Pattern.compile("(?s)(`" + Pattern.quote(name) + ".*?)(?=\\n### |\\n## |\\z)")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .findFirst()
            .orElse("");
    command.getCommandSpec().options().stream()
        .filter(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
        .filter(option -> List.of(option.names()).stream().noneMatch(section::contains))
        .forEach(option -> missing.add(name + " " + option.longestName()));
    command
        .getSubcommands()
        .forEach((sub, nested) -> check(name + " " + sub, nested, page, missing));
  }

  @Test
  void help_isPrintedByEveryCommand() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Cli cli =
        new Cli(InputStream.nullInputStream(), out, new ByteArrayOutputStream(), Map.of(), false);
    for (String name : Commands.builtIn().keySet()) {
      out.reset();
      assertThat(Kith.run(cli, name, "--help")).as(name).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: kith " + name);
    }
    out.reset();
    assertThat(Kith.run(cli, "completion")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("complete -F");
  }
}
