package dev.kith.ledger.replica;

import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.history.History;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.state.BlockContext;
import dev.kith.ledger.state.Ending;
import dev.kith.ledger.state.Execution;
import dev.kith.ledger.state.Executor;
import dev.kith.ledger.state.MemberTable;
import dev.kith.ledger.state.StateReader;
import dev.kith.ledger.state.StateStore;
import dev.kith.ledger.tree.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * The state after the final block, and above it the states that blocks under vote would lead to.
 * One thread owns it.
 */
final class StateChain {
  /** What a leader puts in one block: less than is allowed, so that votes are not kept waiting. */
  private static final int BUILD_BYTES_MAX = 512 * 1024;

  private final Committees committees;
  private final Executor executor;
  private final StateStore store;
  private final Archive archive;
  private final MemberTable members;
  private final Map<Bytes32, Speculation> speculations = new HashMap<>();

  StateChain(Committees committees, StateStore store, Archive archive, MemberTable members) {
    this.committees = committees;
    this.executor = new Executor(store.realmId());
    this.store = store;
    this.archive = archive;
    this.members = members;
  }

  ChainPoint head() {
    return store.applied().point();
  }

  /** Whether a block can be executed: its parent was. */
  boolean knows(Bytes32 digest) {
    return digest.equals(head().digest()) || speculations.containsKey(digest);
  }

  /**
   * Executes a block on its parent; returns whether it does what its header says.
   *
   * @param batches those that the block names, in order. What the block says of their lengths is
   *     judged here: a leader that lies would get around the limits, and make a block that nobody
   *     can archive
   */
  boolean execute(Block block, List<Batch> batches) throws IOException {
    if (!block.batches().equals(batches.stream().map(BatchRef::of).toList())) {
      return false;
    }
    Header header = block.header();
    Execution execution = run(header.parentDigest(), BlockContext.of(header), batches);
    if (!execution.root().equals(header.stateRoot())
        || !history(header.parentDigest()).root().equals(header.historyRoot())
        || !endsAsItSays(header, execution)) {
      return false;
    }
    speculations.put(block.digest(), speculation(block, batches, execution));
    return true;
  }

  /** Whether the epoch ends with a block, and with whom it goes on, follows from the state. */
  private static boolean endsAsItSays(Header header, Execution execution) {
    return header.empty()
        || (header.flags() == execution.ending().map(Ending::flags).orElse(0)
            && header
                .nextValidators()
                .equals(execution.ending().map(Ending::nextValidators).orElse(Bytes32.ZERO)));
  }

  /**
   * Builds a block from waiting batches and executes it.
   *
   * @param waiting in the order in which they should be taken; those that would be refused as a
   *     whole are left out, and so are all where the epoch is over
   * @param attendance what the header claims
   */
  Block build(long view, ChainPoint parent, int attendance, List<Batch> waiting, long wallMillis)
      throws IOException {
    Committee committee = committees.current();
    long height = parent.height() + 1;
    long time = Math.max(parent.timeMillis() + 1, wallMillis);
    List<Batch> chosen = parent.ended() ? List.of() : choose(parent, waiting, height);
    BlockContext context =
        new BlockContext(height, time, committee.leader(view), attendance, parent.ended());
    Execution execution = run(parent.digest(), context, chosen);
    List<BatchRef> refs = chosen.stream().map(BatchRef::of).toList();
    Header header =
        Header.of(
                committee,
                view,
                parent,
                time,
                Block.bodyRoot(refs),
                refs.stream().mapToInt(BatchRef::bytes).sum(),
                refs.stream().mapToInt(BatchRef::records).sum(),
                execution.root(),
                history(parent.digest()).root())
            .with(
                parent.ended() ? Header.EMPTY : execution.ending().map(Ending::flags).orElse(0),
                execution.ending().map(Ending::nextValidators).orElse(Bytes32.ZERO),
                attendance);
    Block block = new Block(header, refs);
    speculations.put(block.digest(), speculation(block, chosen, execution));
    return block;
  }

  private List<Batch> choose(ChainPoint parent, List<Batch> waiting, long height)
      throws IOException {
    StateReader state = state(parent.digest());
    List<Batch> chosen = new ArrayList<>();
    int bytes = 0;
    int records = 0;
    for (Batch batch : waiting) {
      bytes += batch.encoded().size();
      records += batch.facts().size();
      if (chosen.size() == Block.BATCHES_MAX
          || bytes > BUILD_BYTES_MAX
          || records > Block.RECORDS_MAX) {
        break;
      }
      if (Executor.fits(state, batch, height)) {
        chosen.add(batch);
      } else {
        bytes -= batch.encoded().size();
        records -= batch.facts().size();
      }
    }
    return chosen;
  }

  private Execution run(Bytes32 parent, BlockContext block, List<Batch> batches)
      throws IOException {
    Speculation before = speculations.get(parent);
    Tree tree = before == null ? store.tree() : before.execution.tree();
    return executor.execute(state(parent), tree, block, batches);
  }

  private Speculation speculation(Block block, List<Batch> batches, Execution execution) {
    History history = history(block.header().parentDigest()).with(block.digest());
    return new Speculation(block, batches, execution, history);
  }

  /** Of the headers up to this one. */
  private History history(Bytes32 digest) {
    Speculation speculation = speculations.get(digest);
    return speculation == null ? store.applied().history() : speculation.history;
  }

  private StateReader state(Bytes32 digest) {
    Speculation speculation = speculations.get(digest);
    if (speculation != null) {
      return speculation.execution.overlay();
    }
    if (!digest.equals(head().digest())) {
      throw new IllegalStateException("no state of block " + digest);
    }
    return store;
  }

  /** Makes a block part of the state for good. */
  Archived deliver(FinalBlock block) throws IOException {
    Bytes32 digest = block.block().digest();
    if (!speculations.containsKey(digest) && !execute(block.block(), block.batches())) {
      throw new IllegalStateException("this replica disagrees with final " + block.block());
    }
    Speculation speculation = speculations.remove(digest);
    if (speculation == null) {
      throw new IllegalStateException("executed and gone: " + block.block());
    }
    Archived archived = new Archived(block, speculation.execution.refusals());
    adopt(archived, archive.append(archived), speculation.execution);
    long view = block.block().view();
    if (block.block().header().ends()) {
      speculations.clear(); // what helped it to become final is no part of the chain
    }
    speculations.values().removeIf(other -> other.block.view() <= view);
    for (Speculation other : speculations.values()) {
      if (other.block.header().parentDigest().equals(digest)) {
        other.execution.overlay().rebase(store);
      }
    }
    return archived;
  }

  /** Executes an archived block anew, which the state lost in a crash. */
  void redo(Archived archived, Location location) throws IOException {
    Block block = archived.block().block();
    Header header = block.header();
    Execution execution =
        run(header.parentDigest(), BlockContext.of(header), archived.block().batches());
    if (!execution.root().equals(header.stateRoot())
        || !history(header.parentDigest()).root().equals(header.historyRoot())) {
      throw new IOException("the archived " + block + " does not lead to its roots");
    }
    adopt(archived, location, execution);
  }

  private void adopt(Archived archived, Location location, Execution execution) throws IOException {
    Optional<Ending> ending = execution.ending();
    ChainPoint point = archived.block().block().point();
    store.commit(
        execution, ending.isPresent() ? point.boundary() : point, Optional.of(location.encode()));
    members.update(execution.overlay());
    if (ending.isPresent()) {
      committees.begin(ending.get().next(), point.digest());
    }
  }

  /** The batches of a block that was executed and is not final yet. */
  Optional<List<Batch>> batches(Bytes32 digest) {
    return Optional.ofNullable(speculations.get(digest)).map(Speculation::batches);
  }

  /** The batches in the blocks above the final one, up to this one. */
  Set<Bytes32> batchesUpTo(Bytes32 digest) {
    Set<Bytes32> batches = new HashSet<>();
    @Nullable Speculation next = speculations.get(digest);
    while (next != null) {
      next.block.batches().forEach(batch -> batches.add(batch.digest()));
      next = speculations.get(next.block.header().parentDigest());
    }
    return batches;
  }

  /** Whether a batch would still have an effect in the next block. */
  boolean fits(Batch batch) throws IOException {
    return Executor.fits(store, batch, head().height() + 1);
  }

  /**
   * A block that was executed.
   *
   * @param history of the headers up to its own
   */
  private record Speculation(
      Block block, List<Batch> batches, Execution execution, History history) {}
}
