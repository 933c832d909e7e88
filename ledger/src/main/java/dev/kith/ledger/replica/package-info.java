/**
 * A peer's replica of the ledger on real streams, threads and disks: validators drive the consensus
 * machine, followers fetch final blocks, both execute and keep them. Start at {@link
 * dev.kith.ledger.replica.LedgerReplica}; messages are in docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.replica;

import org.jspecify.annotations.NullMarked;
