/**
 * Fixed binary: big-endian numbers, lengths before what they measure, one encoding for one value.
 * Start at {@link dev.kith.ledger.codec.Writer} and {@link dev.kith.ledger.codec.Reader}.
 */
@NullMarked
package dev.kith.ledger.codec;

import org.jspecify.annotations.NullMarked;
