package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.FactCodec;
import org.apache.tuweni.bytes.Bytes;

/** What validators and followers send each other, and what blocks and batches are made of. */
public final class LedgerMessageFuzz {
  private LedgerMessageFuzz() {}

  private interface Decoder<T> {
    T decode(Bytes bytes) throws DecodeException;
  }

  private interface Encoder<T> {
    Bytes encode(T value);
  }

  public static void fuzzerTestOneInput(byte[] data) {
    Bytes bytes = Bytes.wrap(data);
    oneEncoding(bytes, FactCodec::decode, FactCodec::encode);
    oneEncoding(bytes, Batch::decode, Batch::encoded);
    oneEncoding(bytes, Genesis::decode, Genesis::encode);
    oneEncoding(bytes, MeshMessage::decode, MeshMessage::encode);
    try {
      var _ = FollowMessage.decode(bytes);
    } catch (DecodeException e) {
      // most bytes are none
    }
  }

  /** What is signed and hashed must have one encoding only. */
  private static <T> void oneEncoding(Bytes bytes, Decoder<T> decoder, Encoder<T> encoder) {
    try {
      assertThat(encoder.encode(decoder.decode(bytes))).isEqualTo(bytes);
    } catch (DecodeException e) {
      // most bytes are none
    }
  }
}
