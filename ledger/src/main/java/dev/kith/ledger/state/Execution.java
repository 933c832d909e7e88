package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a block does to the state before it.
 *
 * @param refusals one entry a record, in order: why it had no effect, if it had none
 * @param root of the state after it
 */
public record Execution(Overlay overlay, List<Optional<Refusal>> refusals, Bytes32 root) {
  public Execution {
    refusals = List.copyOf(refusals);
  }
}
