package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The completion script, run by a real bash. What it proposes is compared; "files" stands for
 * nothing proposed and the shell's own completion of file names left on.
 */
@DisabledOnOs(OS.WINDOWS)
class CompletionTest {
  @TempDir Path work;

  @ParameterizedTest
  @CsvSource({
    "kith st, stat status",
    "kith put bi, files",
    "kith put --t, --to",
    "kith --home /tmp/x, -o dirnames",
    "kith --home = /tmp/x, -o dirnames",
    "kith --home put st, stat status",
    "kith --home x job sh, show",
    "kith job --home x sh, show",
    "kith run te, files",
    "kith run p.wasm --in te, files",
    "kith run p.wasm --timeout 1, none",
    "kith run p.wasm -- --h, files",
    "kith get /a, none",
    "kith get /a -o re, files",
    "kith get /a --output = re, files",
    "kith ledger records --type Map, MapUpdate",
    "kith join TICKET --owner n, new",
    "kith libp2p serve --key s, secp256k1",
  })
  void words_areCompletedAsTheirPlaceWants(String line, String proposed) throws Exception {
    assertThat(complete(line)).isEqualTo(proposed);
  }

  @Test
  void options_areThoseOfTheCommand() throws Exception {
    assertThat(complete("kith rm -").split(" ")).contains("-r", "--recursive", "--json", "--home");
    assertThat(complete("kith ledger head --")).doesNotContain("--type");
  }

  private String complete(String line) throws IOException, InterruptedException {
    ByteArrayOutputStream script = new ByteArrayOutputStream();
    Cli cli =
        new Cli(
            InputStream.nullInputStream(), script, new ByteArrayOutputStream(), Map.of(), false);
    assertThat(Kith.run(cli, "completion")).isZero();
    Path file = Files.write(work.resolve("completion.bash"), script.toByteArray());
    String bash =
        """
        source "$1"
        compopt() { only="${*:3}"; [[ -n $only ]] || only=none; }
        only=files
        COMP_WORDS=($2)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _kith
        if [[ ${#COMPREPLY[@]} -gt 0 ]]; then echo "${COMPREPLY[*]}"; else echo "$only"; fi
        """;
    Process process =
        new ProcessBuilder(List.of("bash", "--norc", "-c", bash, "bash", file.toString(), line))
            .redirectErrorStream(true)
            .start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(answer).isZero();
    return answer;
  }
}
