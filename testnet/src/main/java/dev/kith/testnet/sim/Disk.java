package dev.kith.testnet.sim;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.simplex.JournalEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a simulated validator wrote, and how much of it a crash would leave. */
final class Disk {
  /** The write-ahead log as far as it was synced. */
  final List<Entry> journal = new ArrayList<>();

  /** Written to the log, not synced. */
  final List<Entry> unsynced = new ArrayList<>();

  /** Final blocks; those from {@link #syncedBlocks} on may be lost. */
  final List<Final> chain = new ArrayList<>();

  int syncedBlocks;

  private final Set<Statement> statements = new HashSet<>();

  void sync() {
    append(unsynced);
    unsynced.clear();
  }

  /** Whether an own vote was synced, at any time. */
  boolean holds(Statement statement) {
    return statements.contains(statement);
  }

  /** For validators that keep no log. */
  void forget() {
    journal.clear();
  }

  private void append(List<Entry> entries) {
    journal.addAll(entries);
    for (Entry written : entries) {
      if (written.entry instanceof JournalEntry.Voted(Statement statement)) {
        statements.add(statement);
      }
    }
  }

  /** A flush: the chain is safe, so the log forgets what concerns no open view. */
  void flush() {
    syncedBlocks = chain.size();
    if (!chain.isEmpty()) {
      Block last = chain.getLast().block;
      long epoch = last.header().epoch();
      journal.removeIf(
          entry ->
              entry.epoch < epoch || (entry.epoch == epoch && view(entry.entry) <= last.view()));
    }
  }

  /** Power is cut: of what was not synced, a part from the front survives. */
  void crash(World world) {
    int survivors = world.between(0, unsynced.size());
    append(unsynced.subList(0, survivors));
    unsynced.clear();
    int blocks = world.between(syncedBlocks, chain.size());
    chain.subList(blocks, chain.size()).clear();
  }

  private static long view(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Proposed(long view) -> view;
      case JournalEntry.Voted(var statement) -> statement.view();
      case JournalEntry.Held(Block block) -> block.view();
      case JournalEntry.Seen(var certificate) -> certificate.view();
    };
  }

  /** An entry of the log, and the epoch that it belongs to. */
  record Entry(long epoch, JournalEntry entry) {}

  /** The entries of an epoch. */
  List<JournalEntry> journal(long epoch) {
    return journal.stream().filter(e -> e.epoch == epoch).map(Entry::entry).toList();
  }

  /** A final block and its proof. */
  record Final(Block block, Finality finality) {}
}
