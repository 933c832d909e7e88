package dev.kith.testnet.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.simplex.Guard;
import dev.kith.testnet.sim.Scenario.Byzantine;
import dev.kith.testnet.sim.Scenario.Mode;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure names its seed; {@code Simulation.run(scenario, seed)} repeats it. */
final class SimulationTest {
  @ParameterizedTest
  @MethodSource("scenarios")
  void noSeedBreaksTheCommittee(Scenario scenario, int seeds) {
    LongStream.rangeClosed(1, seeds).parallel().forEach(seed -> Simulation.run(scenario, seed));
  }

  static Stream<Arguments> scenarios() {
    return Stream.of(
        Arguments.of(Scenario.of(1, Mode.SAFETY, Byzantine.NONE), 200),
        Arguments.of(Scenario.of(1, Mode.LIVENESS, Byzantine.NONE), 200),
        Arguments.of(Scenario.of(3, Mode.SAFETY, Byzantine.NONE), 300),
        Arguments.of(Scenario.of(3, Mode.LIVENESS, Byzantine.NONE), 400),
        Arguments.of(Scenario.of(4, Mode.SAFETY, Byzantine.CHATTY), 400),
        Arguments.of(Scenario.of(4, Mode.LIVENESS, Byzantine.NONE), 300),
        Arguments.of(Scenario.of(4, Mode.LIVENESS, Byzantine.SILENT), 300),
        Arguments.of(Scenario.of(4, Mode.LIVENESS, Byzantine.CHATTY), 300),
        Arguments.of(Scenario.of(6, Mode.LIVENESS, Byzantine.SILENT), 50),
        Arguments.of(Scenario.of(1, Mode.LIVENESS, Byzantine.NONE).withEpochs(3), 100),
        Arguments.of(Scenario.of(3, Mode.LIVENESS, Byzantine.NONE).withEpochs(4), 200),
        Arguments.of(Scenario.of(4, Mode.SAFETY, Byzantine.NONE).withEpochs(2), 300),
        Arguments.of(Scenario.of(4, Mode.LIVENESS, Byzantine.SILENT).withEpochs(5), 200));
  }

  /** Each rule is worth its place: without it, some seed goes wrong. */
  @ParameterizedTest
  @MethodSource("mutants")
  void everyMutantDies(Scenario mutant) {
    Optional<String> death =
        LongStream.rangeClosed(1, 1_000)
            .mapToObj(seed -> defect(mutant, seed))
            .flatMap(Optional::stream)
            .findFirst();
    assertThat(death).as("%s survives", mutant).isPresent();
  }

  static Stream<Scenario> mutants() {
    Scenario chatty = Scenario.of(4, Mode.SAFETY, Byzantine.CHATTY);
    Scenario quorumOnly = Scenario.of(4, Mode.LIVENESS, Byzantine.NONE);
    return Stream.of(
        chatty.without(Guard.NO_FINALIZE_AFTER_NULLIFY),
        chatty.without(Guard.ONE_NOTARIZE_A_VIEW),
        chatty.without(Guard.NULLIFICATIONS_FOR_THE_GAP),
        chatty.withoutWriteAheadLog(),
        chatty.withQuorumDelta(-1),
        Scenario.of(6, Mode.SAFETY, Byzantine.CHATTY).withQuorumDelta(-1),
        quorumOnly.without(Guard.COUNT_OWN_VOTES_AGAIN),
        quorumOnly.without(Guard.REPEAT_ENTRY_CERTIFICATE),
        quorumOnly.without(Guard.CERTIFY_AFTER_OWN_NULLIFY),
        quorumOnly.without(Guard.FETCH_MISSING_CERTIFICATES),
        quorumOnly.withEpochs(3).without(Guard.STOP_AT_THE_END),
        quorumOnly.withEpochs(3).without(Guard.FOLLOW_INTO_THE_NEXT_EPOCH));
  }

  @Test
  void sameSeedIsTheSameRun() {
    Scenario scenario = Scenario.of(4, Mode.LIVENESS, Byzantine.CHATTY);
    assertThat(Simulation.run(scenario, 7)).isEqualTo(Simulation.run(scenario, 7));
    assertThat(Simulation.run(scenario, 7)).isNotEqualTo(Simulation.run(scenario, 8));
  }

  /** Also that the sweep is not idle: everything that it counts happens within a few seeds. */
  @Test
  void sweep_meetsEverythingAndBreaksNothing() throws Exception {
    Sweep.Result result = Sweep.run(1, 300, done -> {});
    assertThat(result.defects()).isEmpty();
    assertThat(result.seeds()).isEqualTo(300);
    assertThat(result.tally().counts())
        .allSatisfy((what, count) -> assertThat(count).as(what.meaning()).isPositive());
  }

  private static Optional<String> defect(Scenario scenario, long seed) {
    try {
      Simulation.run(scenario, seed);
      return Optional.empty();
    } catch (InvariantBrokenException e) {
      return Optional.of(e.toString());
    }
  }
}
