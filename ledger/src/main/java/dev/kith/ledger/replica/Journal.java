package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.VoteKind;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.wal.WalRecord;
import dev.kith.ledger.wal.WriteAheadLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The machine's journal in the write-ahead log. Blocks go in with their batches: what a quorum
 * notarized must be there after all of it crashed. One thread uses it.
 */
final class Journal implements AutoCloseable {
  private static final long ROTATE_BYTES = 8 << 20;

  private final Optional<WriteAheadLog> log;
  private final long epoch;
  private final List<WalRecord> live = new ArrayList<>();
  private long floor;

  /**
   * @param log empty for a validator that lost it: it says nothing, so there is nothing to keep
   */
  Journal(Optional<WriteAheadLog> log, long epoch) {
    this.log = log;
    this.epoch = epoch;
  }

  /** The entries of an opened log; the batches of its blocks go to {@code batches}. */
  List<JournalEntry> recover(List<WalRecord> records, Consumer<Batch> batches)
      throws DecodeException {
    List<JournalEntry> entries = new ArrayList<>();
    for (WalRecord record : records) {
      if (record.epoch() == epoch) {
        read(record, batches).ifPresent(entries::add);
      }
      // What was said in a later epoch counts too, should the archive have lost its beginning.
      if (record.epoch() >= epoch && record.type() != WalRecord.Type.FLOOR) {
        live.add(record);
      }
    }
    return entries;
  }

  private Optional<JournalEntry> read(WalRecord record, Consumer<Batch> batches)
      throws DecodeException {
    return switch (record.type()) {
      case START -> Optional.empty();
      case FLOOR -> {
        floor = record.view();
        yield Optional.empty();
      }
      case PROPOSED -> Optional.of(new JournalEntry.Proposed(record.view()));
      case NOTARIZED -> Optional.of(voted(VoteKind.NOTARIZE, record));
      case NULLIFIED -> Optional.of(voted(VoteKind.NULLIFY, record));
      case FINALIZED -> Optional.of(voted(VoteKind.FINALIZE, record));
      case CERTIFICATE ->
          Optional.of(new JournalEntry.Seen(Reader.whole(record.payload(), Certificate::read)));
      case BLOCK ->
          Optional.of(
              Reader.whole(
                  record.payload(),
                  from -> {
                    Block block = Block.read(from);
                    from.list16(Block.BATCHES_MAX, r -> Batch.decode(r.bytes32(Batch.BYTES_MAX)))
                        .forEach(batches);
                    return new JournalEntry.Held(block);
                  }));
    };
  }

  private static JournalEntry voted(VoteKind kind, WalRecord record) throws DecodeException {
    Bytes32 digest = Reader.whole(record.payload(), Reader::hash);
    return new JournalEntry.Voted(new Statement(kind, record.epoch(), record.view(), digest));
  }

  /**
   * An entry to append.
   *
   * @param batches of the block, where the entry holds one
   */
  record Addition(JournalEntry entry, List<Batch> batches) {}

  /** Appends entries. After a failure {@link #repair} writes all of them, or fails itself. */
  void append(List<Addition> additions) throws IOException {
    if (log.isPresent()) {
      List<WalRecord> records = additions.stream().map(a -> write(a.entry, a.batches)).toList();
      // All before the first is written: whichever fails, what follows it is not forgotten.
      live.addAll(records);
      for (WalRecord record : records) {
        log.get().append(record);
      }
    }
  }

  private WalRecord write(JournalEntry entry, List<Batch> batches) {
    return switch (entry) {
      case JournalEntry.Proposed(long view) ->
          new WalRecord(WalRecord.Type.PROPOSED, epoch, view, Bytes.EMPTY);
      case JournalEntry.Voted(Statement statement) -> {
        WalRecord.Type type =
            switch (statement.kind()) {
              case NOTARIZE -> WalRecord.Type.NOTARIZED;
              case NULLIFY -> WalRecord.Type.NULLIFIED;
              case FINALIZE -> WalRecord.Type.FINALIZED;
            };
        yield new WalRecord(type, epoch, statement.view(), statement.digest());
      }
      case JournalEntry.Held(Block block) -> {
        Writer to = new Writer(1024 + block.header().bodyBytes());
        block.write(to);
        to.u16(batches.size());
        batches.forEach(batch -> to.bytes32(batch.encoded()));
        yield new WalRecord(WalRecord.Type.BLOCK, epoch, block.view(), to.toBytes());
      }
      case JournalEntry.Seen(Certificate certificate) -> {
        Writer to = new Writer(512);
        certificate.write(to);
        yield new WalRecord(WalRecord.Type.CERTIFICATE, epoch, certificate.view(), to.toBytes());
      }
    };
  }

  /** Returns once all entries are on disk. */
  void sync() throws IOException {
    if (log.isPresent()) {
      log.get().sync();
    }
  }

  /**
   * Forgets the views whose blocks are safe in the archive.
   *
   * @param safeView the view of the newest block that was forced to disk there
   */
  void trim(long safeView) throws IOException {
    if (safeView > floor) {
      floor = safeView;
      live.removeIf(record -> record.epoch() == epoch && record.view() <= safeView);
    }
    if (log.isPresent() && log.get().bytes() > ROTATE_BYTES) {
      log.get().rotate(kept());
    }
  }

  /** Writes everything that matters anew, and syncs it, after another call failed. */
  void repair() throws IOException {
    if (log.isPresent()) {
      log.get().repair(kept());
    }
  }

  private List<WalRecord> kept() {
    List<WalRecord> kept = new ArrayList<>();
    kept.add(new WalRecord(WalRecord.Type.FLOOR, epoch, floor, Bytes.EMPTY));
    kept.addAll(live);
    return kept;
  }

  @Override
  public void close() throws IOException {
    if (log.isPresent()) {
      log.get().close();
    }
  }
}
