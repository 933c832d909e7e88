package dev.kith.ledger.proof;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.LedgerKey;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * How one committee handed over to the next: the last block of an epoch names the next committee by
 * its hash.
 *
 * @param boundary the block that ends the epoch
 * @param keys of the next committee, in its order
 */
public record EpochLink(FinalHeader boundary, List<Bytes> keys) {
  public EpochLink {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || keys.size() > Committee.SIZE_MAX) {
      throw new IllegalArgumentException("keys: " + keys.size());
    }
  }

  /**
   * The next committee, if this one handed over to it.
   *
   * @param committee of the epoch that ended
   */
  public Optional<Committee> next(Committee committee, SignatureScheme scheme) {
    Header header = boundary.header();
    if (header.epoch() != committee.epoch()
        || !header.ends()
        || !header.nextValidators().equals(Hash.sha256(keys.toArray(Bytes[]::new)))
        || !boundary.verify(committee)) {
      return Optional.empty();
    }
    return Optional.of(
        new Committee(committee.realmId(), committee.epoch() + 1, keys, header.digest(), scheme));
  }

  /** final header ‖ keys (u8 count, 33 each). */
  public void write(Writer to) {
    boundary.write(to);
    to.u8(keys.size());
    keys.forEach(to::fixed);
  }

  public static EpochLink read(Reader from) throws DecodeException {
    return new EpochLink(
        FinalHeader.read(from),
        from.list8(Committee.SIZE_MAX, r -> LedgerKey.of(LedgerKey.read(r))));
  }
}
