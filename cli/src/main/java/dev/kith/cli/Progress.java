package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How far a command is: a bar that redraws itself on a terminal, otherwise a plain line every ten
 * seconds, all on stderr. A thread of its own goes on saying so while nothing moves. One thread at
 * a time may report.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int BAR_WIDTH = 24;

  /** What is counted. */
  enum Unit {
    BYTES,
    PARTS
  }

  private final PrintStream err;
  private final boolean bar;
  private final long lineNanos;
  private final Unit unit;
  private final String label;
  private final long startNanos = System.nanoTime();
  private final CountDownLatch closed = new CountDownLatch(1);

  // All below under this object's lock.
  private long done;
  private long total;
  private Optional<Supplier<String>> wait = Optional.empty();
  private long drawnNanos;
  private int drawnLength;

  /**
   * @param total -1 = not known
   */
  Progress(Cli cli, String label, Unit unit, long total) {
    this.err = cli.err();
    this.bar = cli.drawsBars();
    this.lineNanos = cli.reportsEvery().toNanos();
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.drawnNanos = bar ? startNanos - REDRAW_NANOS : startNanos;
    Thread.ofPlatform().daemon().name("progress").start(this::beat);
  }

  synchronized void total(long newTotal) {
    total = newTotal;
  }

  synchronized void at(long newDone) {
    done = newDone;
    if (System.nanoTime() - drawnNanos >= (bar ? REDRAW_NANOS : lineNanos)) {
      draw(line());
    }
  }

  /**
   * All is counted, and others have yet to do their part.
   *
   * @param what completes the sentence that the label begins; asked anew for each line, on the
   *     thread of this object, and may block
   */
  synchronized void waits(Supplier<String> what) {
    wait = Optional.of(what);
  }

  private void beat() {
    try {
      while (!closed.await(untilNextBeat(), TimeUnit.NANOSECONDS)) {
        if (untilNextBeat() <= 0) {
          String line = waiting().map(Supplier::get).map(this::waitLine).orElseGet(this::line);
          draw(line);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long untilNextBeat() {
    return (bar ? BEAT_NANOS : lineNanos) - (System.nanoTime() - drawnNanos);
  }

  private synchronized Optional<Supplier<String>> waiting() {
    return wait;
  }

  private synchronized void draw(String line) {
    drawnNanos = System.nanoTime();
    if (closed.getCount() == 0 || line.isEmpty()) {
      return;
    }
    if (bar) {
      String padding = " ".repeat(Math.max(0, drawnLength - line.length()));
      drawnLength = line.length();
      err.print("\r" + line + padding);
      err.flush();
    } else {
      err.println(line);
    }
  }

  private String waitLine(String what) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
    return label + " " + what + " (" + seconds + " s)";
  }

  private synchronized String line() {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
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
        line.append(", ").append(Counted.rate(done, seconds));
      }
      case PARTS -> {
        if (total < 0) {
          return ""; // not begun
        }
        line.append(done).append(" of ").append(Counted.of(total, "part"));
      }
    }
    return line.toString();
  }

  /** Wipes the bar. */
  @Override
  public synchronized void close() {
    closed.countDown();
    if (bar && drawnLength > 0) {
      err.print("\r" + " ".repeat(drawnLength) + "\r");
      err.flush();
    }
  }
}
