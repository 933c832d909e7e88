/**
 * Proofs that stand alone: that a row is in the state or is not, and that a record is on the chain,
 * each down from a header that a committee finalized. Start at {@link dev.kith.ledger.proof.Proof}.
 * Layouts: docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.proof;

import org.jspecify.annotations.NullMarked;
