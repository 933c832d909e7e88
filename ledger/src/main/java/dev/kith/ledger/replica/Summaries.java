package dev.kith.ledger.replica;

import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.MemberPut;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.SignedRecord;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.ledger.record.ValidatorReady;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** Archived blocks as the public API shows them. */
final class Summaries {
  private Summaries() {}

  static BlockSummary block(Archived archived, Committees committees) throws IOException {
    Block block = archived.block().block();
    Header header = block.header();
    return new BlockSummary(
        header.height(),
        header.epoch(),
        header.view(),
        block.digest(),
        header.parentDigest(),
        header.timeMillis(),
        committees.of(header.epoch()).validators().get(header.proposer()),
        header.records(),
        header.stateRoot(),
        archived.block().finality().finalization().signatures().size());
  }

  static List<RecordEntry> records(Archived archived) {
    Header header = archived.block().block().header();
    List<RecordEntry> entries = new ArrayList<>(header.records());
    for (Batch batch : archived.block().batches()) {
      for (SignedRecord record : batch.records()) {
        int position = entries.size();
        entries.add(
            new RecordEntry(
                header.height(),
                position,
                header.timeMillis(),
                record,
                FinalFeed.outcome(header.height(), archived.refusals().get(position))));
      }
    }
    return entries;
  }

  static boolean matches(RecordEntry entry, RecordFilter filter) {
    Fact fact = entry.record().fact();
    return filter.type().map(fact.getClass().getSimpleName()::equals).orElse(true)
        && (filter.task().isEmpty() || filter.task().equals(task(fact)))
        && (filter.group().isEmpty() || filter.group().equals(group(fact)));
  }

  private static Optional<Bytes32> task(Fact fact) {
    return switch (fact) {
      case TaskOpen f -> Optional.of(f.task());
      case LeaseTake f -> Optional.of(f.task());
      case PartDone f -> Optional.of(f.task());
      case TaskSeal f -> Optional.of(f.task());
      case TaskVoid f -> Optional.of(f.task());
      case MemberPut f -> Optional.empty();
      case OfferPut f -> Optional.empty();
      case MapUpdate f -> Optional.empty();
      case GroupDead f -> Optional.empty();
      case NamespacePut f -> Optional.empty();
      case ValidatorReady f -> Optional.empty();
      case Leaving f -> Optional.empty();
      case Evidence f -> Optional.empty();
    };
  }

  private static Optional<Bytes32> group(Fact fact) {
    return switch (fact) {
      case MapUpdate f -> Optional.of(f.group());
      case GroupDead f -> Optional.of(f.group());
      case MemberPut f -> Optional.empty();
      case OfferPut f -> Optional.empty();
      case NamespacePut f -> Optional.empty();
      case TaskOpen f -> Optional.empty();
      case LeaseTake f -> Optional.empty();
      case PartDone f -> Optional.empty();
      case TaskSeal f -> Optional.empty();
      case TaskVoid f -> Optional.empty();
      case ValidatorReady f -> Optional.empty();
      case Leaving f -> Optional.empty();
      case Evidence f -> Optional.empty();
    };
  }
}
