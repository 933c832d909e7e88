/**
 * Files as the write-ahead log and the archive use them. Start at {@link
 * dev.kith.ledger.disk.Disk}.
 */
@NullMarked
package dev.kith.ledger.disk;

import org.jspecify.annotations.NullMarked;
