package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * A quorum's votes for one statement.
 *
 * @param signers bit i is set where validator i signed
 * @param signatures in the order of the signers
 */
public record Certificate(Statement statement, int signers, List<Bytes> signatures) {
  public Certificate {
    signatures = List.copyOf(signatures);
    if (signers <= 0 || signers >>> Committee.SIZE_MAX != 0) {
      throw new IllegalArgumentException("signers: " + Integer.toBinaryString(signers));
    }
    if (Integer.bitCount(signers) != signatures.size()) {
      throw new IllegalArgumentException("signatures: " + signatures.size());
    }
    for (Bytes signature : signatures) {
      if (signature.size() != Vote.SIGNATURE_BYTES) {
        throw new IllegalArgumentException("signature: " + signature.size() + " bytes");
      }
    }
  }

  /** A certificate from votes of distinct signers for one statement. */
  public static Certificate of(Statement statement, Collection<Vote> votes) {
    int signers = 0;
    List<Bytes> signatures = new ArrayList<>(votes.size());
    for (Vote vote : votes.stream().sorted(Comparator.comparingInt(Vote::signer)).toList()) {
      signers |= 1 << vote.signer();
      signatures.add(vote.signature());
    }
    return new Certificate(statement, signers, signatures);
  }

  public VoteKind kind() {
    return statement.kind();
  }

  public long view() {
    return statement.view();
  }

  /** The votes within, by signer. */
  public List<Vote> votes() {
    List<Vote> votes = new ArrayList<>(signatures.size());
    for (int signer = 0; signer < Committee.SIZE_MAX; signer++) {
      if ((signers & 1 << signer) != 0) {
        votes.add(new Vote(statement, signer, signatures.get(votes.size())));
      }
    }
    return votes;
  }

  /** statement (49) ‖ signers u32 ‖ 64 bytes a signer. */
  public void write(Writer to) {
    statement.write(to);
    to.u32(signers);
    signatures.forEach(to::fixed);
  }

  public static Certificate read(Reader from) throws DecodeException {
    Statement statement = Statement.read(from);
    int signers = from.u32();
    int count = Integer.bitCount(signers);
    List<Bytes> signatures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      signatures.add(from.fixed(Vote.SIGNATURE_BYTES));
    }
    return new Certificate(statement, signers, signatures);
  }
}
