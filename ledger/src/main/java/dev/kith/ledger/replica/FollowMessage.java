package dev.kith.ledger.replica;

import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a follower is sent, after it named the height to begin with (u64): a type u8, then fields.
 */
sealed interface FollowMessage {
  /** The longest message. */
  int BYTES_MAX = FinalBlock.BYTES_MAX + 1;

  /** The next block. */
  record Final(FinalBlock block) implements FollowMessage {}

  /**
   * There is nothing newer; sent after the last block and every few seconds.
   *
   * @param height of the sender's newest final block
   * @param reachable bit i stands for validator i
   */
  record Alive(long height, int reachable) implements FollowMessage {
    Bytes encode() {
      return new Writer(16).u8(2).u63(height).u32(reachable).toBytes();
    }
  }

  /** A block that is encoded already. */
  static Bytes encodeFinal(Bytes block) {
    return Bytes.concatenate(Bytes.of(1), block);
  }

  static FollowMessage decode(Bytes bytes) throws DecodeException {
    return Reader.whole(
        bytes,
        from -> {
          int type = from.u8();
          return switch (type) {
            case 1 -> new Final(FinalBlock.read(from));
            case 2 -> new Alive(from.u63(), from.u32());
            default -> throw new DecodeException("no message has the type " + type);
          };
        });
  }
}
