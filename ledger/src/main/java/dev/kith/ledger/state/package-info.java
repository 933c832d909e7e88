/**
 * What the facts add up to: a map from keys to rows, which every replica computes alike. Start at
 * {@link dev.kith.ledger.state.Executor}; the rules by which facts are applied or refused are in
 * the {@code ...Rules} classes, rows and keys in docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.state;

import org.jspecify.annotations.NullMarked;
