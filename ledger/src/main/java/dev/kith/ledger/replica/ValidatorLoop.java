package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.simplex.Effect;
import dev.kith.ledger.simplex.Event;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.simplex.Message;
import dev.kith.ledger.simplex.Now;
import dev.kith.ledger.simplex.Simplex;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a validator's machine, journal and chain. It takes events in groups, so
 * that a group of votes costs one fsync; nothing of a group leaves before that fsync.
 */
final class ValidatorLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ValidatorLoop.class);

  private static final int QUEUE_MAX = 4_096;
  private static final int GROUP_MAX = 64;
  private static final int FETCHED_BYTES_MAX = 16 << 20;

  /** What a fetched block takes in memory beside its batches' bytes. */
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Replicated replicated;
  private final StateChain chain;
  private final BatchPool pool;
  private final Mesh mesh;
  private final Simplex machine;
  private final PatientJournal journal;
  private final FollowClient follow;
  private final Parts parts;
  private final StarvedBlocks starved;
  private final WaitingBatches waiting;
  private final BlockingQueue<Input> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Semaphore room = new Semaphore(FETCHED_BYTES_MAX);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Deque<Event> own = new ArrayDeque<>();
  private final Deque<Effect> deferred = new ArrayDeque<>();
  private final Map<Bytes32, FinalBlock> fetched = new HashMap<>();
  private final Thread thread;

  private volatile long view;
  private volatile List<Integer> reachable = List.of();
  private volatile @Nullable Throwable failure;

  /**
   * What a validator has beyond a follower.
   *
   * @param recovered the journal's entries
   * @param seated the epoch that it validates
   * @param informer told of lies, with their proof; must not block
   * @param safeView the view of the newest block that the archive has forced to disk
   */
  record Parts(
      Committees.Seated seated,
      int self,
      boolean mayVote,
      Simplex machine,
      Journal journal,
      List<JournalEntry> recovered,
      LongSupplier safeView,
      FollowClient follow,
      Consumer<Evidence> informer) {}

  ValidatorLoop(Replicated replicated, Parts parts, Mesh mesh) {
    this.replicated = replicated;
    this.parts = parts;
    this.mesh = mesh;
    chain = replicated.chain();
    pool = replicated.pool();
    machine = parts.machine();
    journal = new PatientJournal(parts.journal(), chain, closing);
    starved = new StarvedBlocks(pool, mesh, parts.self());
    follow = parts.follow();
    waiting = new WaitingBatches(pool, chain, mesh);
    thread = Thread.ofPlatform().name("ledger-validator").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  // From other threads

  /** Queues an event; blocks while the loop is behind, which slows the reader down. */
  void event(Event event) throws InterruptedException {
    put(new Input(event, Optional.empty()));
  }

  private void put(Input input) throws InterruptedException {
    if (!closed() && failure == null) {
      queue.put(input);
    }
  }

  /** A batch came into the pool; where the queue is full the loop is awake anyway. */
  void batchAdded() {
    queue.offer(new Input(new Event.Tick(), Optional.empty()));
  }

  /** A final block came from another peer; blocks while too many of them wait. */
  void fetched(FinalBlock block) throws InterruptedException {
    room.acquire(weight(block));
    put(new Input(new Event.Fetched(block.block(), block.finality()), Optional.of(block)));
  }

  private static int weight(FinalBlock block) {
    return BLOCK_BYTES + block.block().header().bodyBytes();
  }

  /** Whether a block waits for this batch. */
  boolean wants(Bytes32 batch) {
    return starved.wants(batch);
  }

  long view() {
    return view;
  }

  List<Integer> reachable() {
    return reachable;
  }

  boolean votes() {
    return parts.mayVote();
  }

  void check() throws IOException {
    Throwable why = failure;
    if (why != null) {
      throw new IOException("the ledger stopped: " + why.getMessage(), why);
    }
  }

  void close() {
    closing.countDown();
    queue.clear();
    queue.offer(new Input(new Event.Tick(), Optional.empty()));
    if (thread.getState() == Thread.State.NEW) {
      journal.close();
    }
    // An interrupt would close the files that the thread is writing to.
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  // The thread

  private void run() {
    try {
      group(machine.start(parts.recovered(), now()), List.of());
      while (!closed()) {
        List<Input> inputs = next();
        group(List.of(), inputs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      if (!closed()) {
        failure = e;
        LOG.error("this validator stops: its ledger cannot go on", e);
      }
    } finally {
      queue.clear();
      room.release(Integer.MAX_VALUE / 2); // whoever waits would wait for ever
      journal.close();
    }
  }

  private List<Input> next() throws InterruptedException {
    long due = Math.min(machine.deadline(), Math.min(starved.due(), waiting.announceAt()));
    long wait = Math.max(0, due - millis());
    Input first = queue.poll(Math.min(wait, 60_000), TimeUnit.MILLISECONDS);
    List<Input> inputs = new ArrayList<>();
    inputs.add(first == null ? new Input(new Event.Tick(), Optional.empty()) : first);
    queue.drainTo(inputs, GROUP_MAX - 1);
    return inputs;
  }

  private void group(List<Effect> effects, List<Input> inputs) throws IOException {
    take(effects);
    for (Input input : inputs) {
      input.fetched.ifPresent(block -> fetched.put(block.block().digest(), block));
      take(machine.on(input.event, now()));
      answer();
    }
    answer();
    carryOut();
    feedStarved();
    reconsiderWork();
    while (!own.isEmpty() || !deferred.isEmpty()) {
      answer();
      carryOut();
      reconsiderWork();
    }
    // What the machine did not take of them follows nothing that it has.
    fetched.clear();
    inputs.forEach(input -> input.fetched.ifPresent(block -> room.release(weight(block))));
    waiting.announce(millis());
    journal.trim(parts.safeView().getAsLong());
    view = machine.view();
    reachable = machine.reachable();
  }

  /** Lets the machine have the answers to what it asked the driver, until it asks nothing more. */
  private void answer() throws IOException {
    while (!own.isEmpty()) {
      take(machine.on(own.removeFirst(), now()));
    }
  }

  private void take(List<Effect> effects) throws IOException {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Build wanted -> {
          settle(wanted.parent().digest());
          own.add(new Event.Built(wanted.view(), build(wanted)));
        }
        case Effect.Execute(Block block) -> {
          settle(block.header().parentDigest());
          execute(block);
        }
        default -> deferred.add(effect);
      }
    }
  }

  /** A parent that was fetched as final has no state until it is delivered. */
  private void settle(Bytes32 parent) throws IOException {
    if (!chain.knows(parent)) {
      carryOut();
    }
  }

  private Optional<Block> build(Effect.Build wanted) throws IOException {
    ChainPoint parent = wanted.parent();
    List<Batch> waiting = pool.except(chain.batchesUpTo(parent.digest()));
    Block block =
        chain.build(
            wanted.view(), parent, wanted.attendance(), waiting, System.currentTimeMillis());
    if (block.batches().isEmpty()) {
      dropHopeless(waiting);
      if (!wanted.emptyToo()) {
        return Optional.empty();
      }
    }
    return Optional.of(block);
  }

  /** Batches that expired or were replayed would be work for ever. */
  private void dropHopeless(List<Batch> waiting) throws IOException {
    for (Batch batch : waiting) {
      if (!chain.fits(batch)) {
        pool.drop(batch.digest());
      }
    }
  }

  private void execute(Block block) throws IOException {
    Optional<List<Batch>> batches = starved.batches(block);
    if (batches.isEmpty()) {
      starved.add(block, machine.reachable(), millis());
      return;
    }
    boolean valid = chain.execute(block, batches.get());
    if (!valid) {
      LOG.warn("{} is not what its header says", block);
    }
    own.add(new Event.Executed(block.digest(), valid));
  }

  /** Executes blocks whose batches have come. */
  private void feedStarved() throws IOException {
    for (Block block : starved.fed(this::matters, millis())) {
      execute(block);
    }
  }

  private boolean matters(Block block) {
    return block.view() > chain.head().view() && chain.knows(block.header().parentDigest());
  }

  private void carryOut() throws IOException {
    journal.persist(deferred);
    while (!deferred.isEmpty()) {
      carryOut(deferred.removeFirst());
    }
  }

  private void carryOut(Effect effect) throws IOException {
    switch (effect) {
      case Effect.Persist p -> {
        // done for the whole group
      }
      case Effect.Send(int to, Message message) -> mesh.send(to, wire(message));
      case Effect.Broadcast(Message message) -> mesh.broadcast(wire(message));
      case Effect.Deliver(Block block, Finality finality) -> deliver(block, finality);
      case Effect.CatchUp(long fromHeight) -> follow.catchUp();
      case Effect.Evidence(Vote first, Vote second) -> {
        LOG.warn("validator {} contradicts itself: {} and {}", first.signer(), first, second);
        parts.informer().accept(evidence(first, second));
      }
      case Effect.Fault(int validator, String what) ->
          LOG.warn("validator {} sent {}", validator, what);
      case Effect.Build b -> throw new IllegalStateException("built already");
      case Effect.Execute e -> throw new IllegalStateException("executed already");
    }
  }

  private static Evidence evidence(Vote first, Vote second) {
    return Evidence.of(
        first.statement().epoch(), first.view(), first.signer(), said(first), said(second));
  }

  private static Evidence.Said said(Vote vote) {
    return new Evidence.Said(vote.kind().number(), vote.statement().digest(), vote.signature());
  }

  /** A proposal takes along what fits of its batches. */
  private MeshMessage wire(Message message) {
    List<Batch> inline = new ArrayList<>();
    if (message instanceof Message.Propose(Block block, Vote vote)) {
      int bytes = 0;
      for (var ref : block.batches()) {
        bytes += ref.bytes();
        if (bytes > MeshMessage.INLINE_BYTES_MAX) {
          break;
        }
        pool.get(ref.digest()).ifPresent(inline::add);
      }
    }
    return new MeshMessage.Consensus(parts.seated().epoch().number(), message, inline);
  }

  private void deliver(Block block, Finality finality) throws IOException {
    List<Batch> batches =
        chain
            .batches(block.digest())
            .or(() -> Optional.ofNullable(fetched.get(block.digest())).map(FinalBlock::batches))
            .orElseThrow(() -> new IllegalStateException("no batches of " + block));
    FinalBlock certain = new FinalBlock(block, batches, finality);
    journal.insist(() -> replicated.publish(chain.deliver(certain)));
  }

  /** An event, and the batches where it brings a final block. */
  private record Input(Event event, Optional<FinalBlock> fetched) {}

  /** Tells the machine whether batches wait that are in no block yet. */
  private void reconsiderWork() throws IOException {
    Optional<Boolean> work = waiting.reconsider(machine.tip(), millis());
    if (work.isPresent()) {
      take(machine.on(new Event.Work(work.get()), now()));
    }
  }

  /** A monotonic clock. */
  static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  private static Now now() {
    return new Now(millis(), System.currentTimeMillis());
  }
}
