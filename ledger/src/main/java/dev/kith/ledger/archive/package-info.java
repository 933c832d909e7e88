/**
 * Final blocks on disk, in append-only files. They are also the redo log of the state: the state is
 * written later, and is made up for from here after a crash. Start at {@link
 * dev.kith.ledger.archive.Archive}.
 */
@NullMarked
package dev.kith.ledger.archive;

import org.jspecify.annotations.NullMarked;
