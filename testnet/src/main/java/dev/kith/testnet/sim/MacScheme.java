package dev.kith.testnet.sim;

import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.codec.Hash;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Signatures at the price of a hash. Only code in this package could forge one, and does not. */
final class MacScheme implements SignatureScheme {
  private static final Bytes PADDING = Bytes.wrap(new byte[32]);

  /** The compressed form of no point: simulated validators have names, not keys. */
  static Bytes key(int validator) {
    return Bytes.concatenate(Bytes.of(2), Hash.sha256(Bytes.of(validator)));
  }

  static Bytes sign(Bytes key, Bytes32 hash) {
    return Bytes.concatenate(Hash.sha256(key, hash), PADDING);
  }

  @Override
  public boolean verify(Bytes key, Bytes32 hash, Bytes signature) {
    return signature.equals(sign(key, hash));
  }
}
