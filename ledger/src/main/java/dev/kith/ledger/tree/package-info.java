/**
 * The state's Merkle tree: a Jellyfish Merkle tree, sixteen-fold on disk and binary in its proofs.
 * One root stands for one set of keys and values, whatever order they came in. Start at {@link
 * dev.kith.ledger.tree.Tree}. Layouts: docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.tree;

import org.jspecify.annotations.NullMarked;
