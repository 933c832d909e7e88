/**
 * The facts that go on the ledger, one Java record a kind, and their binary form. Start at {@link
 * dev.kith.ledger.record.Fact}.
 */
@NullMarked
package dev.kith.ledger.record;

import org.jspecify.annotations.NullMarked;
