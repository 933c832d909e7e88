/**
 * Blocks, the votes on them and the certificates that prove what a committee decided. Start at
 * {@link dev.kith.ledger.block.Block} and {@link dev.kith.ledger.block.Committee}. Layouts:
 * docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.block;

import org.jspecify.annotations.NullMarked;
