package dev.kith.testnet.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells the story as it happens, and keeps count of what held. One thread. */
final class Report {
  private final PrintStream out;
  private final long started = System.nanoTime();
  private final Map<String, Boolean> checks = new LinkedHashMap<>();
  private final Map<String, Double> rates = new LinkedHashMap<>();
  private int sections;

  Report(PrintStream out) {
    this.out = out;
  }

  void section(String title) {
    out.println();
    out.println("== %d. %s  [%.0f s]".formatted(++sections, title, elapsed().toMillis() / 1e3));
  }

  /** A line of the current section. */
  void line(String text) {
    out.println("   " + text);
  }

  /** Notes whether something held; returns it. */
  boolean check(String what, boolean held) {
    checks.merge(what, held, Boolean::logicalAnd);
    out.println("   [" + (held ? "ok" : "FAILED") + "] " + what);
    return held;
  }

  /** Notes and prints a throughput in decimal MB/s. */
  void rate(String what, long bytes, Duration took) {
    double rate = bytes / 1e6 / Math.max(1e-3, took.toNanos() / 1e9);
    rates.put(what, rate);
    line(
        "%s: %,.1f MB in %.2f s, %.0f MB/s"
            .formatted(what, bytes / 1e6, took.toNanos() / 1e9, rate));
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  List<String> failures() {
    List<String> failed = new ArrayList<>();
    checks.forEach(
        (what, held) -> {
          if (!held) {
            failed.add(what);
          }
        });
    return failed;
  }

  Map<String, Boolean> checks() {
    return Map.copyOf(checks);
  }

  Map<String, Double> rates() {
    return Map.copyOf(rates);
  }
}
