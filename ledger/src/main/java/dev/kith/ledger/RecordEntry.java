package dev.kith.ledger;

import dev.kith.ledger.record.SignedRecord;

/** A final record and what became of it. */
public record RecordEntry(
    long height, int position, long timeMillis, SignedRecord record, Outcome outcome) {}
