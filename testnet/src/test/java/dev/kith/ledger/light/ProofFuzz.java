package dev.kith.ledger.light;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.proof.Proof;
import dev.kith.ledger.tree.NodeKey;
import dev.kith.ledger.tree.TreeProof;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Proofs, which come from anywhere: one encoding each, and no bytes prove what nobody signed. */
public final class ProofFuzz {
  private static final Committee NOBODY =
      new Committee(
          Bytes32.ZERO,
          0,
          List.of(Bytes.concatenate(Bytes.of(2), Bytes32.repeat((byte) 1))),
          Bytes32.ZERO,
          (key, hash, signature) -> false);

  private ProofFuzz() {}

  private interface Decoder<T> {
    T decode(Bytes bytes) throws DecodeException;
  }

  private interface Encoder<T> {
    Bytes encode(T value);
  }

  public static void fuzzerTestOneInput(byte[] data) {
    Bytes bytes = Bytes.wrap(data);
    oneEncoding(bytes, ProofFile::decode, ProofFile::encode);
    oneEncoding(bytes, Anchor::decode, Anchor::encode);
    oneEncoding(bytes, NodeKey::decode, NodeKey::encode);
    oneEncoding(bytes, b -> Reader.whole(b, TreeProof::read), ProofFuzz::encode);
    oneEncoding(bytes, Proof::decode, Proof::encode);
    try {
      assertThat(Proof.decode(bytes).verify(NOBODY)).isFalse();
    } catch (DecodeException e) {
      // most bytes are none
    }
  }

  private static Bytes encode(TreeProof proof) {
    Writer to = new Writer();
    proof.write(to);
    return to.toBytes();
  }

  private static <T> void oneEncoding(Bytes bytes, Decoder<T> decoder, Encoder<T> encoder) {
    try {
      assertThat(encoder.encode(decoder.decode(bytes))).isEqualTo(bytes);
    } catch (DecodeException e) {
      // most bytes are none
    }
  }
}
