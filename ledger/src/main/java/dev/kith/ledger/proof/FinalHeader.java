package dev.kith.ledger.proof;

import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.VoteKind;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.history.HistoryPath;
import java.util.Optional;

/**
 * A header and the proof that it is final: a quorum finalized it, or a later one whose history it
 * is in.
 *
 * @param descent from the finalized header; empty where that is {@code header} itself
 */
public record FinalHeader(Header header, Optional<Descent> descent, Certificate finalization) {
  public FinalHeader {
    if (finalization.kind() != VoteKind.FINALIZE) {
      throw new IllegalArgumentException("finalization: a certificate to " + finalization.kind());
    }
    if (descent.isPresent() && descent.get().later().height() <= header.height()) {
      throw new IllegalArgumentException("descent: the later header is not later");
    }
  }

  /**
   * The way from a later header.
   *
   * @param path to the earlier header, under the later one's history root
   */
  public record Descent(Header later, HistoryPath path) {}

  /** The header that the certificate finalizes. */
  public Header finalized() {
    return descent.map(Descent::later).orElse(header);
  }

  /**
   * Whether this committee made it final. The committee must be that of {@link #finalized}'s epoch.
   */
  public boolean verify(Committee committee) {
    Header finalized = finalized();
    return finalized.realmId().equals(committee.realmId())
        && header.realmId().equals(committee.realmId())
        && finalized.epoch() == committee.epoch()
        && finalized.validators().equals(committee.hash())
        && finalization.view() == finalized.view()
        && finalization.statement().digest().equals(finalized.digest())
        && descends()
        && committee.verify(finalization);
  }

  private boolean descends() {
    if (descent.isEmpty()) {
      return true;
    }
    Header later = descent.get().later();
    return descent
        .get()
        .path()
        .leads(header.digest(), header.height(), later.height(), later.historyRoot());
  }

  /** header ‖ 0, or 1 ‖ later header ‖ history path ‖ certificate. */
  public void write(Writer to) {
    header.write(to);
    to.u8(descent.isPresent() ? 1 : 0);
    descent.ifPresent(
        d -> {
          d.later.write(to);
          d.path.write(to);
        });
    finalization.write(to);
  }

  public static FinalHeader read(Reader from) throws DecodeException {
    Header header = Header.read(from);
    Optional<Descent> descent =
        from.flag()
            ? Optional.of(new Descent(Header.read(from), HistoryPath.read(from)))
            : Optional.empty();
    return new FinalHeader(header, descent, Certificate.read(from));
  }
}
