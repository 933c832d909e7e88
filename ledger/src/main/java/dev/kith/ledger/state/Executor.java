package dev.kith.ledger.state;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.ledger.record.ValidatorReady;
import dev.kith.ledger.tree.Change;
import dev.kith.ledger.tree.Tree;
import dev.kith.ledger.tree.Update;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * Applies blocks to a state. The result depends on the state before and on the block alone: no
 * clock, no chance, no order but the block's. Thread-safe, as it keeps nothing.
 */
public final class Executor {
  private final Bytes32 realmId;

  public Executor(Bytes32 realmId) {
    this.realmId = realmId;
  }

  /**
   * The state that a realm begins with.
   *
   * @param nothing an empty tree
   */
  public static Execution genesis(Genesis genesis, Tree nothing) throws IOException {
    Overlay state = new Overlay(key -> null);
    for (Genesis.Founder founder : genesis.members()) {
      MemberRules.add(
          state, new MemberRow(founder.peer(), founder.name(), founder.site(), founder.grant(), 0));
    }
    Epochs.begin(state, genesis.committee(), genesis.createdMillis());
    return new Execution(state, List.of(), update(nothing, 0, state), Optional.empty());
  }

  /**
   * Applies one block: its header's claim, its records, and the end of the epoch where that is due.
   *
   * @param before the state after the parent
   * @param tree of that state
   * @param batches in the block's order, their signatures verified
   */
  public Execution execute(StateReader before, Tree tree, BlockContext block, List<Batch> batches)
      throws IOException {
    Overlay state = new Overlay(before);
    List<Optional<Refusal>> refusals = new ArrayList<>();
    if (block.empty()) {
      return new Execution(state, refusals, update(tree, block.height(), state), Optional.empty());
    }
    Epochs.claim(state, block);
    for (Batch batch : batches) {
      Bytes author = LedgerKey.of(batch.author());
      apply(
          batch,
          new Transition(state, realmId, author, block.height(), block.timeMillis()),
          refusals);
    }
    Optional<Ending> ending = Epochs.end(state, block);
    return new Execution(state, refusals, update(tree, block.height(), state), ending);
  }

  /** Whether a batch would not be refused as a whole in a block of this height. */
  public static boolean fits(StateReader state, Batch batch, long height) throws IOException {
    Bytes row = state.get(StateKeys.sequences(LedgerKey.of(batch.author())));
    return height <= batch.expiryHeight() && SequenceWindow.decode(row).fresh(batch.sequence());
  }

  private static void apply(Batch batch, Transition at, List<Optional<Refusal>> refusals)
      throws IOException {
    Bytes windowKey = StateKeys.sequences(at.author());
    SequenceWindow window = SequenceWindow.decode(at.row(windowKey));
    @Nullable Refusal whole = null;
    if (at.height() > batch.expiryHeight()) {
      whole = Refusal.EXPIRED;
    } else if (!window.fresh(batch.sequence())) {
      whole = Refusal.REPLAYED;
    }
    for (Fact fact : batch.facts()) {
      refusals.add(Optional.ofNullable(whole == null ? apply(fact, at) : whole));
    }
    // Strangers leave no trace: of them only a MemberPut counts, and that cannot be replayed.
    if (whole == null && at.authorIndex().isPresent()) {
      at.state().put(windowKey, window.with(batch.sequence()).encode());
    }
  }

  private static @Nullable Refusal apply(Fact fact, Transition at) throws IOException {
    if (fact instanceof MemberPut put) {
      return MemberRules.apply(put, at);
    }
    Optional<Integer> member = at.authorIndex();
    if (member.isEmpty()) {
      return Refusal.NOT_A_MEMBER;
    }
    int author = member.get();
    return switch (fact) {
      case MemberPut f -> MemberRules.apply(f, at);
      case OfferPut f -> MemberRules.apply(f, author, at);
      case MapUpdate f -> MapRules.apply(f, author, at);
      case GroupDead f -> MapRules.apply(f, at);
      case NamespacePut f -> MapRules.apply(f, at);
      case TaskOpen f -> TaskRules.apply(f, author, at);
      case LeaseTake f -> TaskRules.apply(f, author, at);
      case PartDone f -> TaskRules.apply(f, author, at);
      case TaskSeal f -> TaskRules.apply(f, author, at);
      case TaskVoid f -> TaskRules.apply(f, at);
      case ValidatorReady f -> CommitteeRules.apply(f, author, at);
      case Leaving f -> CommitteeRules.apply(f, author, at);
      case Evidence f -> CommitteeRules.apply(f, at);
    };
  }

  /** The tree after a block: of every row but those that follow from others. */
  private static Update update(Tree before, long height, Overlay state) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<Bytes, Optional<Bytes>> change : state.changes()) {
      if ((change.getKey().get(0) & 0xFF) < StateKeys.DERIVED) {
        changes.add(new Change(change.getKey(), change.getValue()));
      }
    }
    return before.update(height, changes);
  }
}
