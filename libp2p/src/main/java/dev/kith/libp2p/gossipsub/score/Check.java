package dev.kith.libp2p.gossipsub.score;

import java.time.Duration;

/** What parameters have in common: weights with a sign, decays within one. */
final class Check {
  private Check() {}

  static void reward(double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight: " + weight + " for what is rewarded");
    }
  }

  static void penalty(double weight) {
    if (!(weight <= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight: " + weight + " for what is penalised");
    }
  }

  static void decay(double decay) {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException("decay: " + decay);
    }
  }

  static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }

  static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value);
    }
  }
}
