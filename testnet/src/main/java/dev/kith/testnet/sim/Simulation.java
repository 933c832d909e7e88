package dev.kith.testnet.sim;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.simplex.Simplex;
import dev.kith.ledger.simplex.Timing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * One run of a scenario. The same seed gives the same run, bit for bit; {@link #run} returns the
 * hash of all that happened.
 */
public final class Simulation {
  static final long EPOCH_MILLIS = 1_000_000_000_000L;

  private static final int TROUBLE_MILLIS = 4_000;
  private static final int RECOVERY_MILLIS = 20_000;
  private static final int BLOCKS_WANTED = 3;

  private final Scenario scenario;
  private final Tally tally;
  private final World world;
  private final List<Bytes> keys;
  private final Era first;
  private final ChainPoint genesis;
  private final Network network;
  private final Checker checker;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Integer> honest = new ArrayList<>();
  private final double crashes;
  private boolean trouble = true;
  private int batches;

  private Simulation(Scenario scenario, long seed, Tally tally) {
    this.scenario = scenario;
    this.tally = tally;
    world = new World(seed);
    Bytes32 realm = Hash.sha256(Bytes.ofUnsignedLong(seed));
    genesis = ChainPoint.genesis(realm, EPOCH_MILLIS);
    int members = scenario.validators() + scenario.spares();
    keys = IntStream.range(0, members).mapToObj(MacScheme::key).sorted().toList();
    first = era(0, IntStream.range(0, scenario.validators()).boxed().toList(), genesis, 0);
    Committee committee = first.committee();
    network = new Network(world, members, to -> List.of(actors.get(to)));
    checker = new Checker("seed " + seed + ", " + scenario, tally);
    crashes = world.chance(0.3) ? 0 : world.random().nextDouble() * 0.004;
    int liars = scenario.byzantine() == Scenario.Byzantine.NONE ? 0 : committee.faults();
    int firstLiar = world.between(0, committee.size() - 1);
    for (int i = 0; i < members; i++) {
      boolean liar =
          i < committee.size() && (i - firstLiar + committee.size()) % committee.size() < liars;
      if (!liar) {
        honest.add(i);
        actors.add(new HonestValidator(this, i));
      } else {
        boolean chatty = scenario.byzantine() == Scenario.Byzantine.CHATTY;
        actors.add(chatty ? new ChattyValidator(this, i) : (from, epoch, message) -> {});
      }
    }
  }

  /**
   * Runs a scenario once.
   *
   * @return the hash of the run
   * @throws InvariantBrokenException when it shows a defect
   */
  public static long run(Scenario scenario, long seed) {
    return run(scenario, seed, new Tally());
  }

  /** As {@link #run(Scenario, long)}; what happened is counted even if it goes wrong. */
  static long run(Scenario scenario, long seed, Tally tally) {
    Simulation simulation = new Simulation(scenario, seed, tally);
    simulation.run();
    return simulation.world.history();
  }

  private void run() {
    honest.forEach(i -> world.after(world.between(0, 300), () -> validator(i).start()));
    submit();
    disturb();
    world.runUntil(TROUBLE_MILLIS);
    if (scenario.mode() == Scenario.Mode.LIVENESS) {
      recover();
    }
  }

  /** L1 to L3: a bare quorum of honest members goes on, even after all of them were away. */
  private void recover() {
    trouble = false;
    List<Integer> shuffled = new ArrayList<>(honest);
    Collections.shuffle(shuffled, new Random(world.random().nextLong()));
    List<Integer> core =
        scenario.epochBlocks() > 0
            ? List.copyOf(shuffled)
            : List.copyOf(
                shuffled.subList(0, Math.min(shuffled.size(), first.committee().quorum())));
    network.healOnly(core);
    boolean blackout = world.chance(0.5);
    for (int i : honest) {
      if (validator(i).up() && (blackout || !core.contains(i))) {
        validator(i).crash();
      }
    }
    for (int i : core) {
      if (!validator(i).up()) {
        validator(i).start();
      }
    }
    for (int wave = 0; wave < BLOCKS_WANTED; wave++) {
      int before = checker.blocks();
      Bytes32 asked = newBatch(core);
      long end = world.now() + RECOVERY_MILLIS;
      while (world.now() < end && !core.stream().allMatch(i -> validator(i).recorded(asked))) {
        world.runUntil(world.now() + 200);
      }
      for (int i : core) {
        checker.demand(
            validator(i).recorded(asked), () -> "L2 a record that is not final at " + validator(i));
        checker.demand(validator(i).height() > before, () -> "L1 no progress at " + validator(i));
      }
    }
    tally.add(Happened.RECOVERED);
  }

  private void submit() {
    if (trouble) {
      newBatch(honest);
      world.after(world.chance(0.2) ? 800 : world.between(5, 120), this::submit);
    }
  }

  /** A batch that reaches one member at once and, if nothing is in the way, the others soon. */
  private Bytes32 newBatch(List<Integer> members) {
    Bytes32 batch = Hash.sha256(Bytes.ofUnsignedInt(batches++));
    int first = members.get(world.between(0, members.size() - 1));
    actors.get(first).batch(batch);
    for (int to : members) {
      if (to != first && (network.linked(first, to) || !trouble)) {
        world.after(network.delay(), () -> actors.get(to).batch(batch));
      }
    }
    return batch;
  }

  private void disturb() {
    if (!trouble) {
      return;
    }
    switch (world.between(0, 3)) {
      case 0 -> {
        network.partition();
        tally.add(Happened.PARTITION);
      }
      case 1, 2 -> network.mend();
      case 3 -> {
        if (world.chance(crashes * 50)) {
          tally.add(Happened.ALL_CRASHED);
          honest.stream().map(this::validator).filter(HonestValidator::up).forEach(this::fell);
        }
      }
      default -> throw new IllegalStateException();
    }
    world.after(world.between(50, 600), this::disturb);
  }

  // For the actors

  /** Whether a validator crashes here, between two effects. */
  boolean crashesNow(HonestValidator validator) {
    if (!trouble || !world.chance(crashes)) {
      return false;
    }
    tally.add(Happened.CRASH);
    fell(validator);
    return true;
  }

  private void fell(HonestValidator validator) {
    validator.crash();
    int index = actors.indexOf(validator);
    for (int other : honest) {
      if (other != index && world.chance(0.5)) {
        world.after(network.delay(), () -> actors.get(other).lost(index));
      }
    }
    world.after(
        world.between(1, 800),
        () -> {
          if (trouble && !validator.up()) {
            validator.start();
          }
        });
  }

  void up(int validator) {
    for (int other : honest) {
      if (other != validator && network.linked(validator, other)) {
        world.after(network.delay(), () -> actors.get(other).connected(validator));
        world.after(network.delay(), () -> actors.get(validator).connected(other));
      }
    }
  }

  /** Final blocks from some other member, if it can be reached. */
  void fetch(int index, long fromHeight, Consumer<List<Disk.Final>> answer) {
    int other = honest.get(world.between(0, honest.size() - 1));
    if (network.linked(index, other) && network.linked(other, index)) {
      world.after(network.delay(), () -> answer.accept(validator(other).finals(fromHeight)));
    }
  }

  Simplex machine(int index, Era era, ChainPoint head, Optional<Certificate> finalization) {
    Bytes key = keys.get(index);
    int pacing = era.seats().size() == 1 ? 10 : 0;
    Timing timing = new Timing(100, 1_000, 2_000, 5_000, pacing);
    return new Simplex(
        new Simplex.Setup(
            era.committee(),
            era.seats().indexOf(index),
            true,
            timing,
            head,
            finalization,
            hash -> MacScheme.sign(key, hash),
            world.random()),
        scenario.removed());
  }

  // Epochs: the rule is a function of the chain alone, as it is in a realm

  private Era era(long epoch, List<Integer> seats, ChainPoint boundary, long startHeight) {
    return new Era(
        new Committee(
            genesis.digest(),
            epoch,
            seats.stream().map(keys::get).toList(),
            boundary.digest(),
            new MacScheme(),
            scenario.quorumDelta()),
        seats,
        startHeight);
  }

  /** The first epoch. */
  Era first() {
    return first;
  }

  /** Whether a block of this height ends its epoch. */
  boolean ends(Era era, long height) {
    return scenario.epochBlocks() > 0 && height >= era.startHeight() + scenario.epochBlocks();
  }

  /** The epoch after a block that ended one. */
  Era after(Era era, Block end) {
    return era(era.epoch() + 1, nextSeats(end.header().parentDigest()), end.point(), end.height());
  }

  /** The keys of the next committee, where a block on this parent ends the epoch. */
  Bytes32 nextValidators(Bytes32 parent) {
    return Committee.hash(nextSeats(parent).stream().map(keys::get).toList());
  }

  /** Liars keep their seats, so that no committee has more than it tolerates; others draw lots. */
  private List<Integer> nextSeats(Bytes32 parent) {
    List<Integer> lots = new ArrayList<>(honest);
    lots.sort(Comparator.comparing(i -> Hash.sha256(parent, keys.get(i))));
    List<Integer> seats = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!honest.contains(i)) {
        seats.add(i);
      }
    }
    seats.addAll(lots.subList(0, scenario.validators() - seats.size()));
    Collections.sort(seats);
    return List.copyOf(seats);
  }

  boolean honest(int index) {
    return honest.contains(index);
  }

  private HonestValidator validator(int index) {
    return (HonestValidator) actors.get(index);
  }

  Scenario scenario() {
    return scenario;
  }

  World world() {
    return world;
  }

  Network network() {
    return network;
  }

  Checker checker() {
    return checker;
  }

  Committee committee() {
    return first.committee();
  }

  ChainPoint genesis() {
    return genesis;
  }
}
