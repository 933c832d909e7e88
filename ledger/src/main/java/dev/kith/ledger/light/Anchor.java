package dev.kith.ledger.light;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.LedgerKey;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a light client believes to begin with; it must come from somebody who is trusted.
 *
 * @param boundary digest of the block before the epoch; the realm id for the first one
 * @param timeMillis chain time at which this was true
 * @param keys of the epoch's committee
 */
public record Anchor(
    Bytes32 realmId, long epoch, Bytes32 boundary, long timeMillis, List<Bytes> keys) {
  private static final Bytes MAGIC =
      Bytes.wrap("kithanc1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

  /** The longest encoding. */
  public static final int BYTES_MAX = 1_200;

  public Anchor {
    keys = List.copyOf(keys);
    if (epoch < 0 || timeMillis < 0 || keys.isEmpty() || keys.size() > Committee.SIZE_MAX) {
      throw new IllegalArgumentException("anchor: epoch " + epoch + ", " + keys.size() + " keys");
    }
  }

  /** The beginning of a realm, which its id vouches for. */
  public static Anchor of(Genesis genesis) {
    List<Bytes> keys = genesis.validators().stream().map(LedgerKey::of).toList();
    return new Anchor(genesis.realmId(), 0, genesis.realmId(), genesis.createdMillis(), keys);
  }

  public Committee committee(SignatureScheme scheme) {
    return new Committee(realmId, epoch, keys, boundary, scheme);
  }

  /**
   * magic (8) ‖ realm id (32) ‖ epoch u64 ‖ boundary (32) ‖ time u64 ‖ keys (u8 count, 33 each).
   */
  public Bytes encode() {
    Writer to = new Writer(BYTES_MAX);
    to.fixed(MAGIC).fixed(realmId).u63(epoch).fixed(boundary).u63(timeMillis).u8(keys.size());
    keys.forEach(to::fixed);
    return to.toBytes();
  }

  public static Anchor decode(Bytes bytes) throws DecodeException {
    return Reader.whole(
        bytes,
        from -> {
          if (!from.fixed(MAGIC.size()).equals(MAGIC)) {
            throw new DecodeException("not a checkpoint, or one of another version");
          }
          return new Anchor(
              from.hash(),
              from.u63(),
              from.hash(),
              from.u63(),
              from.list8(Committee.SIZE_MAX, r -> LedgerKey.of(LedgerKey.read(r))));
        });
  }
}
