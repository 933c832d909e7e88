package dev.kith.ledger.wal;

import org.apache.tuweni.bytes.Bytes;

/** One entry of the log. */
public record WalRecord(Type type, long epoch, long view, Bytes payload) {
  /** The longest payload: a block with its batches. */
  public static final int PAYLOAD_BYTES_MAX = 2 << 20;

  public WalRecord {
    if (payload.size() > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException("payload: " + payload.size() + " bytes");
    }
  }

  /** What an entry says; the numbers are on disk. */
  public enum Type {
    /** The first record of a segment; the payload is the realm id. */
    START(1),
    /** No view up to this one is open any more. */
    FLOOR(2),
    PROPOSED(3),
    NOTARIZED(4),
    NULLIFIED(5),
    FINALIZED(6),
    BLOCK(7),
    CERTIFICATE(8);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Type of(int number) throws dev.kith.ledger.codec.DecodeException {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new dev.kith.ledger.codec.DecodeException("no log record has the type " + number);
    }
  }
}
