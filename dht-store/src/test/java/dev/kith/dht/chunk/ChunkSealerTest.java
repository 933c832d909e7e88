package dev.kith.dht.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSealerTest {
  private final ChunkBuffers buffers = new ChunkBuffers(32 << 20);
  private final ChunkSealer sealer = new ChunkSealer(TestData.SECRET, buffers);
  private final ChunkOpener opener = new ChunkOpener(buffers);

  /** The values were computed by an independent program (Python, OpenSSL's AES). */
  @Test
  void seal_isPinned() {
    ChunkSealer.Sealed one = sealer.seal(TestData.random(3, 1000), 1000);
    ChunkSealer.Sealed many = sealer.seal(TestData.random(4, 300_000), 300_000);
    assertThat(one.key().key().toUnprefixedHexString())
        .isEqualTo("cb8cb37cdb84f6f656aa7a6e7bc90cd2cfefe4569b9bf1bed681282ad4d60de7");
    assertThat(one.chunk().id().hash().toUnprefixedHexString())
        .isEqualTo("b5564b1e7e3ee8032fc4f624fa661126c194d957f71cc13818bc215b80a1de59");
    assertThat(many.key().key().toUnprefixedHexString())
        .isEqualTo("a6daacf854c50c811e5e721b7eb023799dd8afd3c747a19e3b0eaae5e46625e4");
    assertThat(many.chunk().id().hash().toUnprefixedHexString())
        .isEqualTo("ee317d2f446d4c9fb9e4bd2a2fcf11b79477940f37ddd3b2e640de57f7cb07ee");
    assertThat(many.chunk().length()).isEqualTo(300_000 + 5 * 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 65_535, 65_536, 65_537, 131_072, 1_000_003, Chunker.BYTES_MAX})
  void open_givesBackWhatWasSealed(int length) throws DamagedChunkException {
    for (byte[] plain : new byte[][] {TestData.random(9, length), TestData.text(9, length)}) {
      ChunkSealer.Sealed sealed = sealer.seal(plain, length);
      byte[] back = new byte[length];
      opener.open(sealed.key(), sealed.chunk().data(), back);
      assertThat(back).isEqualTo(plain);
      assertThat(sealed.chunk().length()).isEqualTo(sealed.key().sealedBytes());
      assertThat(SealedChunk.of(sealed.chunk().data(), sealed.chunk().length()).id())
          .isEqualTo(sealed.chunk().id());
    }
  }

  @Test
  void seal_compressesWhatShrinksAndNothingElse() {
    assertThat(sealer.seal(TestData.text(1, 1 << 20), 1 << 20).key().codec()).isEqualTo(Codec.ZSTD);
    assertThat(sealer.seal(TestData.random(1, 1 << 20), 1 << 20).key().codec())
        .isEqualTo(Codec.RAW);
  }

  @Test
  void seal_fallsBackToRawWhenTheProbeWasWrong() throws DamagedChunkException {
    // Zeros where the probe looks, noise elsewhere.
    byte[] plain = TestData.random(2, 1 << 20);
    int stride = (plain.length - 4096) / 3;
    for (int i = 0; i < 4; i++) {
      Arrays.fill(plain, i * stride, i * stride + 4096, (byte) 0);
    }
    ChunkSealer.Sealed sealed = sealer.seal(plain, plain.length);
    assertThat(sealed.key().codec()).isEqualTo(Codec.RAW);
    byte[] back = new byte[plain.length];
    opener.open(sealed.key(), sealed.chunk().data(), back);
    assertThat(back).isEqualTo(plain);
  }

  @Test
  void seal_dependsOnTheOwnersSecret() {
    byte[] plain = TestData.random(5, 5000);
    assertThat(new ChunkSealer(Bytes32.ZERO, buffers).seal(plain, 5000).chunk().id())
        .isNotEqualTo(sealer.seal(plain, 5000).chunk().id());
  }

  @Test
  void open_noticesEveryAlteration() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] plain = TestData.random(6, 200_000);
    ChunkSealer.Sealed sealed = sealer.seal(plain, plain.length);
    for (int i = 0; i < 50; i++) {
      byte[] altered = Arrays.copyOf(sealed.chunk().data(), sealed.chunk().length());
      altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> opener.open(sealed.key(), altered, new byte[plain.length]))
          .as("seed %d", seed)
          .isInstanceOf(DamagedChunkException.class);
      assertThat(SealedChunk.of(altered, altered.length).id()).isNotEqualTo(sealed.chunk().id());
    }
  }

  @Test
  void open_noticesFramesThatChangedPlacesOrWereCutOff() {
    byte[] plain = TestData.random(6, 3 * Frames.PAYLOAD_BYTES);
    ChunkSealer.Sealed sealed = sealer.seal(plain, plain.length);
    byte[] swapped = Arrays.copyOf(sealed.chunk().data(), sealed.chunk().length());
    System.arraycopy(sealed.chunk().data(), 0, swapped, Frames.SEALED_BYTES, Frames.SEALED_BYTES);
    System.arraycopy(sealed.chunk().data(), Frames.SEALED_BYTES, swapped, 0, Frames.SEALED_BYTES);
    assertThatThrownBy(() -> opener.open(sealed.key(), swapped, new byte[plain.length]))
        .isInstanceOf(DamagedChunkException.class);
    int shorter = 2 * Frames.PAYLOAD_BYTES;
    ChunkKey cut = new ChunkKey(Codec.RAW, shorter, shorter, sealed.key().key());
    assertThatThrownBy(() -> opener.open(cut, sealed.chunk().data(), new byte[plain.length]))
        .isInstanceOf(DamagedChunkException.class);
  }

  @Test
  void open_refusesACompressedChunkOfAnotherLength() {
    byte[] plain = TestData.text(6, 100_000);
    ChunkSealer.Sealed sealed = sealer.seal(plain, plain.length);
    ChunkKey key = sealed.key();
    for (int claimed : new int[] {plain.length - 1, plain.length + 1}) {
      ChunkKey other = new ChunkKey(key.codec(), claimed, key.payloadBytes(), key.key());
      assertThatThrownBy(() -> opener.open(other, sealed.chunk().data(), new byte[claimed]))
          .isInstanceOf(DamagedChunkException.class);
    }
  }

  @Test
  void openFrames_givesARangeOfARawChunk() throws DamagedChunkException {
    byte[] plain = TestData.random(8, 5 * Frames.PAYLOAD_BYTES + 17);
    ChunkSealer.Sealed sealed = sealer.seal(plain, plain.length);
    byte[] frames =
        Arrays.copyOfRange(sealed.chunk().data(), 4 * Frames.SEALED_BYTES, sealed.chunk().length());
    byte[] back = new byte[plain.length];
    int length = opener.openFrames(sealed.key(), 4, 2, frames, back);
    assertThat(Bytes.wrap(back, 0, length))
        .isEqualTo(Bytes.wrap(plain, 4 * Frames.PAYLOAD_BYTES, Frames.PAYLOAD_BYTES + 17));
  }

  @Test
  void frames_knowWhichLengthsAChunkCanHave() {
    assertThat(Frames.isSealedLength(16)).isFalse();
    assertThat(Frames.isSealedLength(17)).isTrue();
    assertThat(Frames.isSealedLength(Frames.SEALED_BYTES)).isTrue();
    assertThat(Frames.isSealedLength(Frames.SEALED_BYTES + 16)).isFalse();
    assertThat(Frames.isSealedLength(Frames.SEALED_BYTES + 17)).isTrue();
    assertThat(Frames.isSealedLength(Frames.CHUNK_SEALED_BYTES_MAX)).isTrue();
    assertThat(Frames.isSealedLength(Frames.CHUNK_SEALED_BYTES_MAX + 17)).isFalse();
    assertThat(Frames.isSealedLength(-1)).isFalse();
  }

  @Test
  void groupId_isPinned() {
    assertThat(
            GroupId.of(Bytes.repeat((byte) 2, 33), Bytes.repeat((byte) 7, 16), 5)
                .hash()
                .toUnprefixedHexString())
        .isEqualTo("f1c2dbd814929c7ce4e7a1771987766c0831e438f1a87ec26735093b9ad14d4b");
  }
}
