/**
 * The chain's headers under one root: a Merkle mountain range, by which a later header proves an
 * earlier one. Start at {@link dev.kith.ledger.history.History}. Layouts: docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.history;

import org.jspecify.annotations.NullMarked;
