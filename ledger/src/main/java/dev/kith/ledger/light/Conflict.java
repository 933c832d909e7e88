package dev.kith.ledger.light;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.proof.FinalHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * Two final headers where only one can be: proof that more of the committee lied than the chain
 * tolerates.
 *
 * @param signedBoth keys of the validators that finalized both, where one committee did
 */
public record Conflict(FinalHeader first, FinalHeader second, List<Bytes> signedBoth) {
  public Conflict {
    signedBoth = List.copyOf(signedBoth);
  }

  static Conflict of(FinalHeader first, FinalHeader second, Committee one, Committee other) {
    List<Bytes> both = new ArrayList<>(signers(first, one));
    both.retainAll(signers(second, other));
    return new Conflict(first, second, both);
  }

  static List<Bytes> signers(FinalHeader header, Committee committee) {
    List<Bytes> keys = new ArrayList<>();
    for (int i = 0; i < committee.size(); i++) {
      if (((header.finalization().signers() >>> i) & 1) == 1) {
        keys.add(committee.keys().get(i));
      }
    }
    return keys;
  }
}
