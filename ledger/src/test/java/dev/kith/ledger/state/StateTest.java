package dev.kith.ledger.state;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.libp2p.datastore.MemoryDatastore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** A state to which tests apply facts, one block each. */
abstract class StateTest {
  final Genesis genesis = TestMembers.genesis(4, 1);
  final Bytes32 realmId = genesis.realmId();
  final MemoryDatastore datastore = new MemoryDatastore();
  final StateStore store;
  final MemberTable members;
  final StateView view;
  private final Executor executor = new Executor(realmId);
  private long sequence = 1;

  /** Chain time of the next block. */
  long now = 1_000_000;

  StateTest() {
    try {
      store = StateStore.open(datastore, genesis);
      members = new MemberTable(store);
      view = new StateView(store, members);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  Batch batch(int author, long number, List<Fact> facts) {
    return Batch.sign(realmId, TestMembers.device(author), number, 1_000, facts);
  }

  /** What became of a fact in the next block. */
  Optional<Refusal> apply(int author, Fact fact) throws IOException {
    return apply(batch(author, sequence++, List.of(fact))).getFirst();
  }

  List<Optional<Refusal>> apply(Batch... batches) throws IOException {
    ChainPoint head = store.applied().point();
    Execution execution =
        executor.execute(
            store,
            store.tree(),
            new BlockContext(head.height() + 1, now, 0, 0, false),
            List.of(batches));
    ChainPoint next =
        new ChainPoint(
            Bytes32.leftPad(org.apache.tuweni.bytes.Bytes.ofUnsignedLong(head.height() + 1)),
            head.view() + 1,
            head.height() + 1,
            now,
            execution.refusals().size());
    store.commit(execution, next, Optional.empty());
    members.update(execution.overlay());
    return execution.refusals();
  }
}
