/**
 * The ledger of a realm: a Byzantine-fault-tolerant chain of facts that peers must agree on. Start
 * at {@link dev.kith.ledger.Ledger}. Protocol: docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger;

import org.jspecify.annotations.NullMarked;
