package dev.kith.testnet.gossip;

import java.util.List;
import java.util.Locale;

/**
 * Draws how long deliveries took, as SVG: for each run the share of deliveries that took longer
 * than so many milliseconds, on a logarithmic axis, so that the slow ones are seen; and beside it
 * the copies that came for each message.
 */
public final class DeliveryPlot {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 400;
  private static final int LEFT = 70;
  private static final int TOP = 40;
  private static final int RIGHT = 560;
  private static final int BOTTOM = 350;

  /** The lowest share on the axis is 10 to the power of minus this. */
  private static final int DECADES = 6;

  private static final List<String> COLOURS =
      List.of("#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#a6761d");

  private DeliveryPlot() {}

  /**
   * One run.
   *
   * @param name in the legend
   */
  public record Line(String name, Report report) {}

  /** The whole picture, at most six lines. */
  public static String svg(String title, List<Line> lines) {
    if (lines.isEmpty() || lines.size() > COLOURS.size()) {
      throw new IllegalArgumentException("lines: " + lines.size());
    }
    long longest = lines.stream().mapToLong(line -> line.report().maxMillis()).max().orElse(0);
    long end = Math.max(100, (longest + 99) / 100 * 100);
    StringBuilder svg = new StringBuilder();
    svg.append(
            String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                    + " font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                HEIGHT))
        .append('\n');
    svg.append(
            String.format(
                Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT))
        .append('\n');
    text(svg, LEFT, 22, "start", title);
    axes(svg, end);
    for (int i = 0; i < lines.size(); i++) {
      String colour = COLOURS.get(i);
      svg.append(
              String.format(
                  Locale.ROOT,
                  "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"%s\"/>",
                  colour,
                  points(lines.get(i).report().histogram(), end)))
          .append('\n');
      legend(svg, i, colour, lines.get(i));
    }
    duplicates(svg, lines);
    return svg.append("</svg>\n").toString();
  }

  private static void axes(StringBuilder svg, long end) {
    for (int decade = 0; decade <= DECADES; decade++) {
      double y = y(Math.pow(10, -decade));
      rule(svg, LEFT, y, RIGHT, y);
      String share = decade == 0 ? "100 %" : decade == 1 ? "10 %" : "1 %";
      text(svg, LEFT - 6, y + 4, "end", decade < 3 ? share : "10^-" + (decade - 2) + " %");
    }
    long step = Math.max(100, (end / 8 + 99) / 100 * 100);
    for (long millis = 0; millis <= end; millis += step) {
      rule(svg, x(millis, end), TOP, x(millis, end), BOTTOM);
      text(svg, x(millis, end), BOTTOM + 16, "middle", millis + " ms");
    }
    text(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 38, "middle", "deliveries that took longer than");
  }

  /** Steps down by each millisecond's deliveries; the last ones end on the axis. */
  private static String points(List<Integer> histogram, long end) {
    long all = histogram.stream().mapToLong(Integer::longValue).sum();
    long left = all;
    StringBuilder points = new StringBuilder();
    for (int millis = 0; millis < histogram.size(); millis++) {
      if (histogram.get(millis) == 0 && millis > 0) {
        continue;
      }
      point(points, x(millis, end), y((double) left / all));
      left -= histogram.get(millis);
      point(points, x(millis + 1L, end), y((double) left / all));
    }
    return points.toString().strip();
  }

  private static void point(StringBuilder points, double x, double y) {
    points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
  }

  private static void legend(StringBuilder svg, int index, String colour, Line line) {
    int y = TOP + 6 + 20 * index;
    svg.append(
            String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>",
                RIGHT + 20,
                y - 5,
                colour))
        .append('\n');
    text(
        svg,
        RIGHT + 40,
        y,
        "start",
        line.name() + ": " + line.report().p50Millis() + " / " + line.report().p99Millis() + " ms");
  }

  private static void duplicates(StringBuilder svg, List<Line> lines) {
    int top = TOP + 6 + 20 * lines.size() + 30;
    text(svg, RIGHT + 20, top, "start", "copies beside each delivery");
    double most = lines.stream().mapToDouble(line -> line.report().duplicates()).max().orElse(1);
    for (int i = 0; i < lines.size(); i++) {
      double value = lines.get(i).report().duplicates();
      double length = most == 0 ? 0 : 180 * value / most;
      int y = top + 10 + 18 * i;
      svg.append(
              String.format(
                  Locale.ROOT,
                  "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"%s\"/>",
                  RIGHT + 20,
                  y,
                  length,
                  COLOURS.get(i)))
          .append('\n');
      text(svg, RIGHT + 26 + length, y + 10, "start", String.format(Locale.ROOT, "%.1f", value));
    }
  }

  private static double x(long millis, long end) {
    return LEFT + (double) (RIGHT - LEFT) * millis / end;
  }

  private static double y(double share) {
    double depth = share <= 0 ? DECADES : Math.min(DECADES, -Math.log10(share));
    return TOP + (BOTTOM - TOP) * depth / DECADES;
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
            String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                x1,
                y1,
                x2,
                y2))
        .append('\n');
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    svg.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x,
                y,
                anchor,
                escaped))
        .append('\n');
  }
}
