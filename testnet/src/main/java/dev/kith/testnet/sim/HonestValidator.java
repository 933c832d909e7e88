package dev.kith.testnet.sim;

import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.simplex.Effect;
import dev.kith.ledger.simplex.Event;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.simplex.Message;
import dev.kith.ledger.simplex.Now;
import dev.kith.ledger.simplex.Simplex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * The production machine with a driver for virtual time: a disk that loses what was not synced, a
 * state that is one hash, and crashes between any two effects.
 */
final class HonestValidator implements Actor {
  private static final int BATCHES_PER_BLOCK = 4;
  private static final int BLOCKS_PER_FETCH = 16;
  private static final int FOLLOW_MILLIS = 300;

  private final Simulation simulation;
  private final World world;
  private final int index;
  private final Disk disk = new Disk();
  private final int skewMillis;

  private @Nullable Simplex machine;
  private Era era;
  private boolean alive;
  private long life;
  private long tickToken;

  // In memory: blocks that were executed, batches that came, batches on the chain
  private final Map<Bytes32, Block> known = new HashMap<>();
  private final Set<Bytes32> pool = new LinkedHashSet<>();
  private final Set<Bytes32> done = new HashSet<>();
  private boolean work;

  HonestValidator(Simulation simulation, int index) {
    this.simulation = simulation;
    this.world = simulation.world();
    this.index = index;
    era = simulation.first();
    skewMillis = world.between(-900, 900);
  }

  // Life

  void start() {
    known.clear();
    done.clear();
    work = false;
    alive = true;
    era = simulation.first();
    for (Disk.Final block : disk.chain) {
      remember(block.block());
      block.block().batches().forEach(batch -> done.add(batch.digest()));
      if (block.block().header().ends()) {
        era = simulation.after(era, block.block());
      }
    }
    for (Disk.Entry written : disk.journal) {
      if (written.entry() instanceof JournalEntry.Held(Block block)) {
        block.batches().stream()
            .map(BatchRef::digest)
            .filter(batch -> !done.contains(batch))
            .forEach(pool::add);
      }
    }
    take();
    simulation.up(index);
    long born = life;
    world.after(FOLLOW_MILLIS, () -> follow(born));
  }

  /** Takes the part that the epoch gives to this member. */
  private void take() {
    ChainPoint head = head();
    if (!era.seats().contains(index)) {
      machine = null;
      return;
    }
    boolean fresh = head.view() == 0;
    Optional<Certificate> finalization =
        fresh ? Optional.empty() : Optional.of(disk.chain.getLast().finality().finalization());
    Simplex started = simulation.machine(index, era, head, finalization);
    machine = started;
    carryOut(started.start(disk.journal(era.epoch()), now()));
  }

  private ChainPoint head() {
    if (disk.chain.isEmpty()) {
      return simulation.genesis();
    }
    Block last = disk.chain.getLast().block();
    return last.header().ends() ? last.point().boundary() : last.point();
  }

  /** Whoever has no seat follows those who have. */
  private void follow(long born) {
    if (life == born && alive && simulation.scenario().epochBlocks() > 0) {
      if (machine == null) {
        simulation.fetch(index, height() + 1L, this::fetched);
      }
      world.after(FOLLOW_MILLIS, () -> follow(born));
    }
  }

  boolean up() {
    return alive;
  }

  void crash() {
    alive = false;
    machine = null;
    life++;
    disk.crash(world);
    if (!simulation.scenario().writeAheadLog()) {
      disk.forget();
    }
    if (world.chance(0.5)) {
      pool.clear();
    }
  }

  @Override
  public String toString() {
    return index + ": " + machine;
  }

  int height() {
    return disk.chain.size();
  }

  boolean recorded(Bytes32 batch) {
    return done.contains(batch);
  }

  List<Disk.Final> finals(long fromHeight) {
    int from = (int) Math.min(fromHeight - 1, disk.chain.size());
    int to = Math.min(from + BLOCKS_PER_FETCH, disk.chain.size());
    return List.copyOf(disk.chain.subList(from, to));
  }

  // What comes in

  @Override
  public void receive(int from, long epoch, Message message) {
    if (up() && message instanceof Message.Propose(Block block, Vote vote)) {
      block.batches().forEach(batch -> pool.add(batch.digest()));
    }
    int seat = era.seats().indexOf(from);
    if (seat >= 0) {
      turn(new Event.Received(seat, epoch, message));
    }
  }

  @Override
  public void connected(int validator) {
    int seat = era.seats().indexOf(validator);
    if (seat >= 0) {
      turn(new Event.Connected(seat));
    }
  }

  @Override
  public void lost(int validator) {
    int seat = era.seats().indexOf(validator);
    if (seat >= 0) {
      turn(new Event.Lost(seat));
    }
  }

  @Override
  public void batch(Bytes32 batch) {
    if (up() && pool.add(batch)) {
      reconsiderWork();
    }
  }

  @Override
  public void tick(long token) {
    if (token == tickToken) {
      turn(new Event.Tick());
    }
  }

  private void turn(Event event) {
    Simplex current = machine;
    if (current != null) {
      carryOut(current.on(event, now()));
    }
  }

  // What goes out

  private void carryOut(List<Effect> effects) {
    long born = life;
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist(var entry)) {
        disk.unsynced.add(new Disk.Entry(era.epoch(), entry));
      }
    }
    if (simulation.crashesNow(this)) {
      return;
    }
    disk.sync();
    for (Effect effect : effects) {
      if (simulation.crashesNow(this)) {
        return;
      }
      carryOut(effect);
      if (life != born || !up()) {
        return;
      }
    }
    Simplex current = machine;
    if (current != null && current.ended()) {
      nextEpoch();
      return;
    }
    reconsiderWork();
    armTick();
  }

  /** What ended the epoch is on disk before anything is said in the next one. */
  private void nextEpoch() {
    disk.flush();
    era = simulation.after(era, disk.chain.getLast().block());
    work = false;
    take();
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist p -> {}
      case Effect.Send(int to, Message message) -> send(era.seats().get(to), message);
      case Effect.Broadcast(Message message) -> {
        for (int to : era.seats()) {
          if (to != index) {
            send(to, message);
          }
        }
      }
      case Effect.Build(long view, ChainPoint parent, boolean emptyToo, int attendance) -> {
        Optional<Block> block = build(view, parent, emptyToo);
        block.ifPresent(this::remember);
        later(world.between(0, 3), new Event.Built(view, block));
      }
      case Effect.Execute(Block block) -> {
        boolean valid = valid(block.header());
        if (valid) {
          remember(block);
        }
        int millis = world.chance(0.05) ? 200 : 3;
        later(world.between(0, millis), new Event.Executed(block.digest(), valid));
      }
      case Effect.Deliver(Block block, var finality) -> deliver(block, finality);
      case Effect.CatchUp(long fromHeight) -> simulation.fetch(index, fromHeight, this::fetched);
      case Effect.Evidence(Vote first, Vote second) -> accused(first.signer());
      case Effect.Fault(int validator, String what) -> accused(validator);
    }
  }

  private void accused(int seat) {
    int member = era.seats().get(seat);
    simulation.checker().accused(member, simulation.honest(member));
  }

  private void deliver(Block block, Finality finality) {
    simulation.checker().delivered(index, era, block, finality, head().digest());
    remember(block);
    disk.chain.add(new Disk.Final(block, finality));
    block.batches().forEach(batch -> done.add(batch.digest()));
    if (world.chance(0.1)) {
      disk.flush();
    }
  }

  private void send(int to, Message message) {
    switch (message) {
      case Message.CastVote(Vote vote) -> simulation.checker().cast(index, era, vote, disk);
      case Message.Propose(Block block, Vote vote) ->
          simulation.checker().cast(index, era, vote, disk);
      case Message.ShowCertificate(Certificate certificate) ->
          simulation.checker().shown(certificate);
      case Message.Status s -> s.finalization().ifPresent(simulation.checker()::shown);
      case Message.GetBlock g -> {}
      case Message.GetCertificate g -> {}
      case Message.FoundBlock f -> {}
    }
    simulation.network().send(index, to, era.epoch(), message);
  }

  private void fetched(List<Disk.Final> blocks) {
    for (Disk.Final block : blocks) {
      if (machine != null) {
        turn(new Event.Fetched(block.block(), block.finality()));
      } else if (alive && block.block().header().follows(head(), era.committee())) {
        deliver(block.block(), block.finality());
        if (block.block().header().ends()) {
          nextEpoch();
        }
      }
    }
  }

  private void later(int millis, Event event) {
    long born = life;
    Simplex asked = machine;
    world.after(
        millis,
        () -> {
          if (life == born && machine == asked) {
            turn(event);
          }
        });
  }

  private void armTick() {
    Simplex current = machine;
    if (current != null && current.deadline() != Long.MAX_VALUE) {
      simulation
          .checker()
          .demand(current.deadline() > world.now(), () -> "A9 validator " + index + " spins");
      long token = ++tickToken;
      world.after(Math.max(1, current.deadline() - world.now()), () -> tick(token));
    }
  }

  // The application: a set of batches, and a hash for a state

  private Optional<Block> build(long view, ChainPoint parent, boolean emptyToo) {
    Set<Bytes32> taken = taken(parent);
    boolean over = parent.ended();
    List<BatchRef> batches = new ArrayList<>();
    for (Bytes32 batch : pool) {
      if (!over && batches.size() < BATCHES_PER_BLOCK && !taken.contains(batch)) {
        batches.add(new BatchRef(batch, 1, 1));
      }
    }
    if (batches.isEmpty() && !emptyToo) {
      return Optional.empty();
    }
    Bytes32 state = state(parent.digest());
    Bytes32 bodyRoot = Block.bodyRoot(batches);
    Header header =
        Header.of(
            era.committee(),
            view,
            parent,
            Math.max(parent.timeMillis() + 1, now().wallMillis()),
            bodyRoot,
            batches.size(),
            batches.size(),
            over ? state : after(state, bodyRoot),
            Bytes32.ZERO);
    Header whole =
        over
            ? header.with(Header.EMPTY, Bytes32.ZERO, 0)
            : simulation.ends(era, header.height())
                ? header.with(Header.END, simulation.nextValidators(parent.digest()), 0)
                : header;
    return Optional.of(new Block(whole, batches));
  }

  /** The state after a block, which was executed before. */
  private Bytes32 state(Bytes32 digest) {
    if (digest.equals(simulation.genesis().digest())) {
      return Bytes32.ZERO;
    }
    Block block = known.get(digest);
    simulation
        .checker()
        .demand(
            block != null, () -> "A5 validator " + index + " builds on what it did not execute");
    return block == null ? Bytes32.ZERO : block.header().stateRoot();
  }

  /** Whether a header leads where it says, and the epoch ends with it where it should. */
  private boolean valid(Header header) {
    Bytes32 before = state(header.parentDigest());
    if (header.empty()) {
      return header.stateRoot().equals(before);
    }
    boolean ends = simulation.ends(era, header.height());
    return header.ends() == ends
        && (!ends
            || header.nextValidators().equals(simulation.nextValidators(header.parentDigest())))
        && header.stateRoot().equals(after(before, header.bodyRoot()));
  }

  static Bytes32 after(Bytes32 state, Bytes32 bodyRoot) {
    return Hash.sha256(state, bodyRoot);
  }

  /** Batches that stand in the chain up to a block. */
  private Set<Bytes32> taken(ChainPoint upTo) {
    Set<Bytes32> taken = new HashSet<>(done);
    for (Block block = known.get(upTo.digest());
        block != null;
        block = known.get(block.header().parentDigest())) {
      block.batches().forEach(batch -> taken.add(batch.digest()));
      if (block.height() <= height()) {
        break;
      }
    }
    return taken;
  }

  private void reconsiderWork() {
    Simplex current = machine;
    if (current == null) {
      return;
    }
    boolean present = !taken(current.tip()).containsAll(pool);
    if (present != work) {
      work = present;
      turn(new Event.Work(present));
    }
  }

  private void remember(Block block) {
    known.put(block.digest(), block);
  }

  private Now now() {
    return new Now(world.now(), Simulation.EPOCH_MILLIS + world.now() + skewMillis);
  }
}
