package dev.kith.testnet.sim;

import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
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

  private final Simulation simulation;
  private final World world;
  private final int index;
  private final Disk disk = new Disk();
  private final int skewMillis;

  private @Nullable Simplex machine;
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
    skewMillis = world.between(-900, 900);
  }

  // Life

  void start() {
    known.clear();
    done.clear();
    work = false;
    ChainPoint head = simulation.genesis();
    for (Disk.Final block : disk.chain) {
      remember(block.block());
      block.block().batches().forEach(batch -> done.add(batch.digest()));
      head = block.block().point();
    }
    for (JournalEntry entry : disk.journal) {
      if (entry instanceof JournalEntry.Held(Block block)) {
        block.batches().stream()
            .map(BatchRef::digest)
            .filter(batch -> !done.contains(batch))
            .forEach(pool::add);
      }
    }
    Optional<Certificate> finalization =
        disk.chain.isEmpty()
            ? Optional.empty()
            : Optional.of(disk.chain.getLast().finality().finalization());
    Simplex started = simulation.machine(index, head, finalization);
    machine = started;
    carryOut(started.start(List.copyOf(disk.journal), now()));
    simulation.up(index);
  }

  boolean up() {
    return machine != null;
  }

  void crash() {
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
  public void receive(int from, Message message) {
    if (up() && message instanceof Message.Propose(Block block, Vote vote)) {
      block.batches().forEach(batch -> pool.add(batch.digest()));
    }
    turn(new Event.Received(from, 0, message));
  }

  @Override
  public void connected(int validator) {
    turn(new Event.Connected(validator));
  }

  @Override
  public void lost(int validator) {
    turn(new Event.Lost(validator));
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
        disk.unsynced.add(entry);
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
    reconsiderWork();
    armTick();
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist p -> {}
      case Effect.Send(int to, Message message) -> send(to, message);
      case Effect.Broadcast(Message message) -> {
        for (int to = 0; to < simulation.committee().size(); to++) {
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
        Bytes32 before = state(block.header().parentDigest());
        boolean valid = block.header().stateRoot().equals(after(before, block.header().bodyRoot()));
        if (valid) {
          remember(block);
        }
        int millis = world.chance(0.05) ? 200 : 3;
        later(world.between(0, millis), new Event.Executed(block.digest(), valid));
      }
      case Effect.Deliver(Block block, var finality) -> {
        Bytes32 parent =
            disk.chain.isEmpty()
                ? simulation.genesis().digest()
                : disk.chain.getLast().block().digest();
        simulation.checker().delivered(index, block, finality, parent);
        remember(block);
        disk.chain.add(new Disk.Final(block, finality));
        block.batches().forEach(batch -> done.add(batch.digest()));
        if (world.chance(0.1)) {
          disk.flush();
        }
      }
      case Effect.CatchUp(long fromHeight) -> simulation.fetch(index, fromHeight, this::fetched);
      case Effect.Evidence(Vote first, Vote second) ->
          simulation.checker().accused(first.signer(), simulation.honest(first.signer()));
      case Effect.Fault(int validator, String what) ->
          simulation.checker().accused(validator, simulation.honest(validator));
    }
  }

  private void send(int to, Message message) {
    switch (message) {
      case Message.CastVote(Vote vote) -> simulation.checker().cast(vote, disk);
      case Message.Propose(Block block, Vote vote) -> simulation.checker().cast(vote, disk);
      case Message.ShowCertificate(Certificate certificate) ->
          simulation.checker().shown(certificate);
      case Message.Status s -> s.finalization().ifPresent(simulation.checker()::shown);
      case Message.GetBlock g -> {}
      case Message.GetCertificate g -> {}
      case Message.FoundBlock f -> {}
    }
    simulation.network().send(index, to, message);
  }

  private void fetched(List<Disk.Final> blocks) {
    for (Disk.Final block : blocks) {
      turn(new Event.Fetched(block.block(), block.finality()));
    }
  }

  private void later(int millis, Event event) {
    long born = life;
    world.after(
        millis,
        () -> {
          if (life == born) {
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
    List<BatchRef> batches = new ArrayList<>();
    for (Bytes32 batch : pool) {
      if (batches.size() < BATCHES_PER_BLOCK && !taken.contains(batch)) {
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
            simulation.committee(),
            view,
            parent,
            Math.max(parent.timeMillis() + 1, now().wallMillis()),
            bodyRoot,
            batches.size(),
            batches.size(),
            after(state, bodyRoot),
            Bytes32.ZERO);
    return Optional.of(new Block(header, batches));
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
