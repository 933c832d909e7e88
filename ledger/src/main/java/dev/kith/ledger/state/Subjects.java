package dev.kith.ledger.state;

import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.record.LedgerKey;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Where in the state stands what can be proved of it. */
public final class Subjects {
  private Subjects() {}

  /** The key of the row; empty for a record, which is in no row. */
  public static Optional<Bytes> key(ProofSubject subject) {
    return switch (subject) {
      case ProofSubject.OfMember member ->
          Optional.of(StateKeys.memberIndex(LedgerKey.of(member.peer())));
      case ProofSubject.OfGroup group -> Optional.of(StateKeys.group(group.group()));
      case ProofSubject.OfNamespace namespace ->
          Optional.of(StateKeys.namespace(namespace.owner()));
      case ProofSubject.OfTask task -> Optional.of(StateKeys.task(task.task()));
      case ProofSubject.OfProgress task -> Optional.of(StateKeys.progress(task.task()));
      case ProofSubject.OfTicket ticket -> Optional.of(StateKeys.ticket(ticket.key()));
      case ProofSubject.OfRecord _ -> Optional.empty();
    };
  }

  /** What a key is the row of; empty for rows that nobody asks for by name. */
  public static Optional<ProofSubject> subject(Bytes key) {
    Bytes id = key.slice(1);
    return switch ((char) key.get(0)) {
      case 'k' -> point(id).map(k -> new ProofSubject.OfMember(LedgerKey.peerId(k)));
      case 'g' -> hash(id).map(ProofSubject.OfGroup::new);
      case 'n' -> point(id).map(ProofSubject.OfNamespace::new);
      case 'j' -> hash(id).map(ProofSubject.OfTask::new);
      case 'l' -> hash(id).map(ProofSubject.OfProgress::new);
      case 't' -> point(id).map(ProofSubject.OfTicket::new);
      default -> Optional.empty();
    };
  }

  private static Optional<Bytes> point(Bytes id) {
    boolean compressed = id.size() == LedgerKey.BYTES && (id.get(0) == 2 || id.get(0) == 3);
    return compressed ? Optional.of(id) : Optional.empty();
  }

  private static Optional<Bytes32> hash(Bytes id) {
    return id.size() == Bytes32.SIZE ? Optional.of(Bytes32.wrap(id)) : Optional.empty();
  }
}
