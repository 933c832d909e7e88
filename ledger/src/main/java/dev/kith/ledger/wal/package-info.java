/**
 * The write-ahead log of a validator: what it must not contradict after a crash. Start at {@link
 * dev.kith.ledger.wal.WriteAheadLog}; format in docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.wal;

import org.jspecify.annotations.NullMarked;
