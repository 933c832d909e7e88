package dev.kith.ledger.record;

/**
 * What a record on the ledger says. Each kind is deterministic to execute, and compare-and-set or
 * monotone: a fact that no longer fits the state is refused without effect, and its author is told
 * why.
 *
 * <p>A fact becomes a record when its author signs it: see {@link SignedRecord}.
 */
public sealed interface Fact
    permits MemberPut,
        OfferPut,
        MapUpdate,
        GroupDead,
        NamespacePut,
        TaskOpen,
        LeaseTake,
        PartDone,
        TaskSeal,
        TaskVoid,
        ValidatorReady,
        Leaving,
        Evidence {
  /** The longest encoded fact, in bytes: 4 KiB. */
  int BYTES_MAX = 4096;
}
