package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.history.History;
import dev.kith.ledger.history.HistoryPath;
import dev.kith.ledger.history.HistorySource;
import dev.kith.ledger.light.ProofFile;
import dev.kith.ledger.proof.EpochLink;
import dev.kith.ledger.proof.FinalHeader;
import dev.kith.ledger.proof.Proof;
import dev.kith.ledger.proof.RecordProof;
import dev.kith.ledger.proof.StateProof;
import dev.kith.ledger.state.EpochRow;
import dev.kith.ledger.state.Epochs;
import dev.kith.ledger.state.Proven;
import dev.kith.ledger.state.Subjects;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Makes proofs of what this replica executed. Thread-safe. */
record Prover(Genesis genesis, Replicated replicated) {
  /** Empty where there is no such record, and before the first block is final. */
  Optional<ProofFile> prove(ProofSubject subject) throws IOException {
    Optional<Bytes> key = Subjects.key(subject);
    Optional<Proof> proof =
        subject instanceof ProofSubject.OfRecord record
            ? record(record.height(), record.position())
            : state(key.orElseThrow());
    return proof.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ProofFile(genesis, links(proof.get().at().finalized().epoch()), proof.get()));
  }

  /** How the first committee's power came to that of an epoch: where the keys changed. */
  private List<EpochLink> links(long epoch) throws IOException {
    List<EpochLink> links = new ArrayList<>();
    List<Bytes> keys = epoch(0).keys();
    for (long number = 1; number <= epoch; number++) {
      EpochRow next = epoch(number);
      if (!next.keys().equals(keys)) {
        Archived boundary =
            replicated
                .block(next.startHeight())
                .orElseThrow(() -> new IOException("an epoch's last block is not at hand"));
        keys = next.keys();
        links.add(new EpochLink(header(boundary), keys));
      }
    }
    if (links.size() > ProofFile.LINKS_MAX) {
      throw new IOException("the committee changed more than " + ProofFile.LINKS_MAX + " times");
    }
    return links;
  }

  private EpochRow epoch(long number) throws IOException {
    return Epochs.of(replicated.store(), number)
        .orElseThrow(() -> new IOException("epoch " + number + " has no row"));
  }

  private Optional<Proof> state(Bytes key) throws IOException {
    Proven proven = replicated.store().prove(key);
    Optional<Archived> block = replicated.block(proven.at().point().height());
    if (block.isEmpty()) {
      return Optional.empty();
    }
    FinalHeader at = header(block.get());
    return Optional.of(new StateProof(at, key, proven.value(), proven.proof()));
  }

  private Optional<Proof> record(long height, int position) throws IOException {
    Optional<Archived> block = replicated.block(height);
    if (block.isEmpty() || position < 0 || position >= block.get().refusals().size()) {
      return Optional.empty();
    }
    return Optional.of(RecordProof.of(header(block.get()), block.get().block(), position));
  }

  private FinalHeader header(Archived archived) throws IOException {
    Header header = archived.block().block().header();
    Finality finality = archived.block().finality();
    if (finality.descendants().isEmpty()) {
      return new FinalHeader(header, Optional.empty(), finality.finalization());
    }
    // The headers between may be no part of the chain here, so their history is made anew.
    Map<Node, Bytes32> made = new HashMap<>();
    HistorySource stored = replicated.store()::historyNode;
    History history = History.at(header.height(), stored);
    List<Header> descendants = finality.descendants();
    for (Header between : descendants.subList(0, descendants.size() - 1)) {
      history =
          history.with(
              between.digest(), (level, index, hash) -> made.put(new Node(level, index), hash));
    }
    HistoryPath path =
        HistoryPath.of(
            header.height(),
            history.size(),
            (level, index) -> {
              Bytes32 own = made.get(new Node(level, index));
              return own == null ? stored.get(level, index) : own;
            });
    FinalHeader.Descent descent = new FinalHeader.Descent(descendants.getLast(), path);
    return new FinalHeader(header, Optional.of(descent), finality.finalization());
  }

  private record Node(int level, long index) {}
}
