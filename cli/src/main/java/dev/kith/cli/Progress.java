package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far a command is: a bar that redraws itself on a terminal, otherwise a plain line every ten
 * seconds, all on stderr. One thread at a time may report.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int BAR_WIDTH = 24;

  /** What is counted. */
  enum Unit {
    BYTES,
    PARTS
  }

  private final PrintStream err;
  private final boolean bar;
  private final Unit unit;
  private final String label;
  private final long startNanos = System.nanoTime();
  private long total;
  private long drawnNanos;
  private int drawnLength;

  /**
   * @param total -1 = not known
   */
  Progress(Cli cli, String label, Unit unit, long total) {
    this.err = cli.err();
    this.bar = cli.drawsBars();
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.drawnNanos = bar ? startNanos - REDRAW_NANOS : startNanos;
  }

  void total(long newTotal) {
    total = newTotal;
  }

  void at(long done) {
    long now = System.nanoTime();
    if (now - drawnNanos < (bar ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    drawnNanos = now;
    String line = line(done, now);
    if (bar) {
      String padding = " ".repeat(Math.max(0, drawnLength - line.length()));
      drawnLength = line.length();
      err.print("\r" + line + padding);
      err.flush();
    } else {
      err.println("kith: " + line);
    }
  }

  private String line(long done, long now) {
    double seconds = Math.max(1e-3, (now - startNanos) / 1e9);
    StringBuilder line = new StringBuilder(label).append(' ');
    if (total > 0) {
      int filled = (int) Math.min(BAR_WIDTH, BAR_WIDTH * done / total);
      if (bar) {
        line.append('[').repeat('#', filled).repeat('.', BAR_WIDTH - filled).append("] ");
      }
      line.append(Math.min(100, 100 * done / total)).append("% ");
    }
    switch (unit) {
      case BYTES -> {
        line.append(ByteSize.approximate(done));
        if (total > 0) {
          line.append(" of ").append(ByteSize.approximate(total));
        }
        line.append(String.format(Locale.ROOT, ", %.0f MB/s", done / seconds / 1e6));
      }
      case PARTS -> line.append(done).append(" of ").append(total).append(" parts");
    }
    return line.toString();
  }

  /** Wipes the bar. */
  @Override
  public void close() {
    if (bar && drawnLength > 0) {
      err.print("\r" + " ".repeat(drawnLength) + "\r");
      err.flush();
    }
  }
}
