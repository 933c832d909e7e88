package dev.kith.ledger.state;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
  private static final Bytes ROOT_DOMAIN =
      Bytes.wrap("kith/state/1".getBytes(StandardCharsets.US_ASCII));

  private final Bytes32 realmId;

  public Executor(Bytes32 realmId) {
    this.realmId = realmId;
  }

  /** The state that a realm begins with. */
  public static Execution genesis(Genesis genesis) throws IOException {
    Overlay state = new Overlay(key -> null);
    for (Genesis.Founder founder : genesis.members()) {
      MemberRules.add(
          state, new MemberRow(founder.peer(), founder.name(), founder.site(), founder.grant(), 0));
    }
    return new Execution(state, List.of(), root(Bytes32.ZERO, state));
  }

  /**
   * Applies one block.
   *
   * @param before the state after the parent, whose root is {@code rootBefore}
   * @param batches in the block's order, their signatures verified
   */
  public Execution execute(
      StateReader before, Bytes32 rootBefore, long height, long timeMillis, List<Batch> batches)
      throws IOException {
    Overlay state = new Overlay(before);
    List<Optional<Refusal>> refusals = new ArrayList<>();
    for (Batch batch : batches) {
      Bytes author = LedgerKey.of(batch.author());
      apply(batch, new Transition(state, realmId, author, height, timeMillis), refusals);
    }
    return new Execution(state, refusals, root(rootBefore, state));
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
    };
  }

  /**
   * The root after a block: SHA-256(domain ‖ root before ‖ SHA-256(changes)), the changes by key,
   * each as key (u16 length) ‖ 0, or ‖ 1 ‖ row (u32 length). Unchanged where nothing changed. It
   * commits to the state by its history; a tree that allows proofs will take its place.
   */
  private static Bytes32 root(Bytes32 before, Overlay state) {
    MessageDigest digest = Hash.digest();
    boolean changed = false;
    for (Map.Entry<Bytes, Optional<Bytes>> change : state.changes()) {
      if ((change.getKey().get(0) & 0xFF) < StateKeys.DERIVED) {
        Writer to = new Writer(64);
        to.bytes16(change.getKey());
        if (change.getValue().isPresent()) {
          to.u8(1).bytes32(change.getValue().get());
        } else {
          to.u8(0);
        }
        digest.update(to.toArray());
        changed = true;
      }
    }
    return changed ? Hash.sha256(ROOT_DOMAIN, before, Bytes.wrap(digest.digest())) : before;
  }
}
