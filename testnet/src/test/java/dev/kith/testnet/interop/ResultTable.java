package dev.kith.testnet.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was checked with one implementation, as a table; docs/interop.md must have that very one.
 */
final class ResultTable {
  /** Who dialled. */
  enum Dialler {
    KITH,
    OTHER
  }

  /** The checks that passed over one channel in one direction: how often each. */
  record Column(Channel channel, Dialler dialler, Map<Check, Integer> passed) {
    void passed(Check check) {
      passed.merge(check, 1, Integer::sum);
    }
  }

  private final Implementation other;
  private final List<Column> columns = new ArrayList<>();

  ResultTable(Implementation other) {
    this.other = other;
    for (Channel channel : Channel.values()) {
      for (Dialler dialler : Dialler.values()) {
        columns.add(new Column(channel, dialler, new EnumMap<>(Check.class)));
      }
    }
  }

  Column column(Channel channel, Dialler dialler) {
    return columns.stream()
        .filter(column -> column.channel == channel && column.dialler == dialler)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Holds the documentation to what passed. Where not everything ran, because some test failed or
   * was not asked for, there is nothing to hold it to.
   *
   * @param combinations of keys, with each of which every check is made
   */
  void check(Path testnet, int combinations) throws IOException {
    boolean whole =
        columns.stream()
            .allMatch(
                column ->
                    column.passed.size() == Check.values().length
                        && column.passed.values().stream().allMatch(n -> n == combinations));
    if (!whole) {
      return;
    }
    String table = markdown(combinations);
    Path written = testnet.resolve("target").resolve("interop").resolve(other.name() + ".md");
    Files.createDirectories(written.getParent());
    Files.writeString(written, table);
    assertThat(Files.readString(testnet.resolveSibling("docs").resolve("interop.md")))
        .as(
            "docs/interop.md must have the table that testnet/target/interop/%s.md has",
            other.name())
        .contains(table);
  }

  private String markdown(int combinations) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(other.name()).append("\n");
    text.append(other.versions()).append("\n\n| |");
    StringBuilder rule = new StringBuilder("|---|");
    for (Column column : columns) {
      text.append(' ').append(column.channel.title()).append(", ");
      text.append(column.dialler == Dialler.KITH ? "Kith" : other.name()).append(" dials |");
      rule.append("---|");
    }
    text.append('\n').append(rule).append('\n');
    for (Check check : Check.values()) {
      text.append("| ").append(check.title()).append(" |");
      for (Column column : columns) {
        text.append(' ').append(column.passed.getOrDefault(check, 0));
        text.append(" of ").append(combinations).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
