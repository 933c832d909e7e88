package dev.kith.libp2p.identity;

import java.util.Optional;

/** Key types of libp2p/specs peer-ids, with their protobuf numbers. */
public enum KeyType {
  RSA(0),
  ED25519(1),
  SECP256K1(2),
  ECDSA(3);

  private final int number;

  KeyType(int number) {
    this.number = number;
  }

  /** The number in the {@code KeyType} protobuf enum. */
  public int number() {
    return number;
  }

  static Optional<KeyType> ofNumber(int number) {
    return number >= 0 && number < values().length
        ? Optional.of(values()[number])
        : Optional.empty();
  }
}
