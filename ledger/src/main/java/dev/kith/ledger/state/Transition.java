package dev.kith.ledger.state;

import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.Signatures;
import java.io.IOException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * One record's way into the state: who says it, when, and what stands there already.
 *
 * @param author 33 bytes
 * @param timeMillis of the block
 */
record Transition(Overlay state, Bytes32 realmId, Bytes author, long height, long timeMillis) {
  /** The author's index, where the author is a member. */
  Optional<Integer> authorIndex() throws IOException {
    return index(author);
  }

  Optional<Integer> index(Bytes key) throws IOException {
    Bytes row = state.get(StateKeys.memberIndex(key));
    return row == null ? Optional.empty() : Optional.of(row.toInt());
  }

  Optional<MemberRow> member(int index) throws IOException {
    Bytes row = state.get(StateKeys.member(index));
    return row == null ? Optional.empty() : Optional.of(MemberRow.decode(row));
  }

  /** Whether the author is a device of this owner. */
  boolean authorBelongsTo(Bytes owner) throws IOException {
    Optional<Integer> index = authorIndex();
    return index.isPresent()
        && member(index.get()).map(row -> row.grant().owner().equals(owner)).orElse(false);
  }

  /** Whether a member signed this. */
  boolean signed(int member, Bytes message, Bytes signature) throws IOException {
    Optional<MemberRow> row = member(member);
    return row.isPresent() && Signatures.verify(LedgerKey.of(row.get().peer()), message, signature);
  }

  @Nullable Bytes row(Bytes key) throws IOException {
    return state.get(key);
  }
}
