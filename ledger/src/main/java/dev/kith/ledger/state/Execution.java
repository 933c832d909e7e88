package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.tree.Tree;
import dev.kith.ledger.tree.Update;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a block does to the state before it.
 *
 * @param refusals one entry a record, in order: why it had no effect, if it had none
 * @param update of the state's tree
 * @param ending whether the epoch is over with it
 */
public record Execution(
    Overlay overlay, List<Optional<Refusal>> refusals, Update update, Optional<Ending> ending) {
  public Execution {
    refusals = List.copyOf(refusals);
  }

  /** The tree of the state after the block. */
  public Tree tree() {
    return update.tree();
  }

  /** The root of the state after the block. */
  public Bytes32 root() {
    return tree().root();
  }
}
