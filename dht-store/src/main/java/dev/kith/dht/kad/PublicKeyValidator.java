package dev.kith.dht.kad;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * The namespace {@code pk}: under {@code /pk/} and a peer id's multihash stands the encoded public
 * key that the id is made of. A key has one valid value, so there is nothing to select.
 */
final class PublicKeyValidator implements RecordValidator {
  static final String NAMESPACE = "pk";

  private static final Bytes PREFIX = Bytes.wrap("/pk/".getBytes(StandardCharsets.US_ASCII));
  private static final Bytes SHA_256 = Bytes.of(0x12, 0x20);

  @Override
  public boolean valid(Bytes key, Bytes value) {
    if (key.size() <= PREFIX.size() || !key.slice(0, PREFIX.size()).equals(PREFIX)) {
      return false;
    }
    Bytes multihash = key.slice(PREFIX.size());
    Bytes hashed = Bytes.concatenate(SHA_256, KeyHash.sha256(value));
    Bytes inlined = Bytes.concatenate(Bytes.of(0x00, value.size()), value);
    return multihash.equals(hashed) || (value.size() <= 42 && multihash.equals(inlined));
  }

  @Override
  public int select(Bytes key, List<Bytes> values) {
    return 0;
  }
}
