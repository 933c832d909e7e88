package dev.kith.testnet.sim;

import dev.kith.testnet.sim.Scenario.Byzantine;
import dev.kith.testnet.sim.Scenario.Mode;
import java.io.PrintStream;

/** Runs many seeds of one scenario: {@code SeedSweep VALIDATORS MODE BYZANTINE FIRST COUNT}. */
public final class SeedSweep {
  private SeedSweep() {}

  public static void main(String[] args) {
    PrintStream out = System.out;
    Scenario scenario =
        Scenario.of(Integer.parseInt(args[0]), Mode.valueOf(args[1]), Byzantine.valueOf(args[2]));
    long first = Long.parseLong(args[3]);
    long count = Long.parseLong(args[4]);
    int broken = 0;
    for (long seed = first; seed < first + count; seed++) {
      try {
        Simulation.run(scenario, seed);
      } catch (InvariantBrokenException e) {
        broken++;
        out.println(e.getMessage());
      }
    }
    out.println(scenario + ": " + count + " seeds from " + first + ", " + broken + " broken");
    if (broken > 0) {
      System.exit(1);
    }
  }
}
