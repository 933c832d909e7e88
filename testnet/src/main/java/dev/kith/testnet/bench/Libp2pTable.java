package dev.kith.testnet.bench;

import dev.kith.testnet.bench.Libp2pBenchmark.Channel;
import dev.kith.testnet.bench.Libp2pBenchmark.Result;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@link Libp2pBenchmark} measured, for docs/performance.md. */
public final class Libp2pTable {
  private Libp2pTable() {}

  /**
   * A table for each channel: min / median / max over the runs.
   *
   * @param base the implementation with whose medians the others' are compared, where it is there
   */
  public static String markdown(Result result, String base) {
    StringBuilder text = new StringBuilder();
    text.append(result.machine()).append(". ");
    text.append(String.join("; ", result.versions().values())).append(".\n");
    result.figures().forEach((channel, figures) -> append(text, result, base, channel, figures));
    return text.toString();
  }

  private static void append(
      StringBuilder text,
      Result result,
      String base,
      Channel channel,
      Map<String, Map<String, List<Double>>> figures) {
    text.append("\n| ").append(channel).append(" |");
    result.versions().keySet().forEach(name -> text.append(' ').append(name).append(" |"));
    text.append("\n|---|").append("---|".repeat(result.versions().size())).append('\n');
    figures.forEach(
        (figure, values) -> {
          text.append("| ").append(figure).append(" |");
          for (String name : result.versions().keySet()) {
            List<Double> own = values.getOrDefault(name, List.of());
            List<Double> others = name.equals(base) ? List.of() : values.getOrDefault(base, own);
            text.append(' ').append(cell(own, others)).append(" |");
          }
          text.append('\n');
        });
  }

  private static String cell(List<Double> values, List<Double> base) {
    if (values.isEmpty()) {
      return "";
    }
    List<Double> sorted = values.stream().sorted().toList();
    String range =
        sorted.size() == 1
            ? Libp2pBenchmark.round(sorted.getFirst())
            : Libp2pBenchmark.round(sorted.getFirst())
                + " / "
                + Libp2pBenchmark.round(median(sorted))
                + " / "
                + Libp2pBenchmark.round(sorted.getLast());
    return base.isEmpty() || median(base) == 0
        ? range
        : range + String.format(Locale.ROOT, " (%.2fx)", median(values) / median(base));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
