/**
 * Simplex consensus (Chan and Pass, eprint 2023/463) for one epoch of a committee, as a machine
 * without threads, clocks or I/O. Start at {@link dev.kith.ledger.simplex.Simplex}; the rules are
 * in docs/ledger.md.
 *
 * <p>In each view one leader proposes a block. A quorum of <i>notarize</i> votes allows others to
 * build on it, a quorum of <i>nullify</i> votes allows them to skip the view, and a quorum of
 * <i>finalize</i> votes makes the block and its ancestors final. A validator never casts both
 * finalize and nullify in one view: that alone keeps two quorums from disagreeing.
 */
@NullMarked
package dev.kith.ledger.simplex;

import org.jspecify.annotations.NullMarked;
