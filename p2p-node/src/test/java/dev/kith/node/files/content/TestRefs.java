package dev.kith.node.files.content;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkKey;
import dev.kith.dht.chunk.Codec;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Made-up references. */
public final class TestRefs {
  private TestRefs() {}

  public static Bytes putId(int number) {
    return Bytes.repeat((byte) number, 16);
  }

  public static ChunkRef ref(SplittableRandom random) {
    byte[] hash = new byte[32];
    random.nextBytes(hash);
    int plain = random.nextInt(2, 4 << 20);
    boolean raw = random.nextBoolean();
    return new ChunkRef(
        new ChunkId(Bytes32.wrap(hash)),
        new ChunkKey(
            raw ? Codec.RAW : Codec.ZSTD,
            plain,
            raw ? plain : random.nextInt(1, plain),
            Bytes32.wrap(hash).not()),
        new GroupName(putId(random.nextInt(3)), random.nextInt(100)),
        plain);
  }
}
