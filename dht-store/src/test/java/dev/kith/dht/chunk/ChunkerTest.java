package dev.kith.dht.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final byte[] DATA = TestData.random(7, 24 << 20);

  @Test
  void cut_isPinned() throws IOException {
    assertThat(lengths(DATA, TestData.SECRET)).containsExactly(PINNED);
  }

  private static final Integer[] PINNED = {
    1202397, 866111, 1155647, 1315146, 1127507, 1821970, 1171117, 1157951, 1100451, 1050873,
    1301063, 324933, 1158105, 1088170, 2123713, 1117561, 1268812, 1156151, 699611, 1192808, 1299752,
    465975
  };

  @Test
  void cut_keepsToItsBoundsAndIsNearItsMean() throws IOException {
    List<Integer> lengths = lengths(DATA, TestData.SECRET);
    assertThat(lengths.subList(0, lengths.size() - 1))
        .allMatch(l -> l >= Chunker.BYTES_MIN && l <= Chunker.BYTES_MAX);
    assertThat(DATA.length / lengths.size()).isBetween(700 << 10, 1600 << 10);
  }

  @Test
  void cut_takesTheLongestWhereNothingVaries() throws IOException {
    assertThat(lengths(new byte[9 << 20], TestData.SECRET))
        .containsExactly(Chunker.BYTES_MAX, Chunker.BYTES_MAX, 1 << 20);
  }

  @Test
  void cut_dependsOnTheSecret() throws IOException {
    assertThat(lengths(DATA, Bytes32.ZERO)).isNotEqualTo(lengths(DATA, TestData.SECRET));
  }

  @Test
  void cut_movesFewBoundariesWhenBytesAreInserted() throws IOException {
    byte[] changed = new byte[DATA.length + 5];
    System.arraycopy(DATA, 0, changed, 0, 5 << 20);
    System.arraycopy(DATA, 5 << 20, changed, (5 << 20) + 5, DATA.length - (5 << 20));
    Set<Bytes> before = new HashSet<>(chunks(DATA));
    List<Bytes> after = chunks(changed);
    assertThat(after.stream().filter(c -> !before.contains(c)).count()).isLessThanOrEqualTo(3);
  }

  @Test
  void next_givesTheSameChunksHoweverTheStreamArrives() throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] data = Arrays.copyOf(DATA, 9 << 20);
    InputStream dripping =
        new ByteArrayInputStream(data) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, random.nextInt(1, 300_000)));
          }
        };
    assertThat(lengths(dripping, TestData.SECRET))
        .as("seed %d", seed)
        .isEqualTo(lengths(data, TestData.SECRET));
  }

  @Test
  void next_givesAllBytesInOrderAndTheirHash() throws IOException {
    ChunkStream stream =
        new ChunkStream(new ByteArrayInputStream(DATA), new Chunker(TestData.SECRET));
    byte[] joined = new byte[DATA.length];
    byte[] buffer = new byte[ChunkStream.BUFFER_BYTES];
    int at = 0;
    for (int length; (length = stream.next(buffer)) > 0; at += length) {
      System.arraycopy(buffer, 0, joined, at, length);
    }
    assertThat(joined).isEqualTo(DATA);
    assertThat(stream.size()).isEqualTo(DATA.length);
    assertThat(stream.sha256().toArray()).isEqualTo(Sha256.create().digest(DATA));
  }

  @Test
  void next_endsAtOnceOnAnEmptyStream() throws IOException {
    ChunkStream stream =
        new ChunkStream(InputStream.nullInputStream(), new Chunker(TestData.SECRET));
    assertThat(stream.next(new byte[ChunkStream.BUFFER_BYTES])).isZero();
    assertThat(stream.sha256().toHexString())
        .isEqualTo("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  private static List<Integer> lengths(byte[] data, Bytes32 secret) throws IOException {
    return lengths(new ByteArrayInputStream(data), secret);
  }

  private static List<Integer> lengths(InputStream in, Bytes32 secret) throws IOException {
    ChunkStream stream = new ChunkStream(in, new Chunker(secret));
    byte[] buffer = new byte[ChunkStream.BUFFER_BYTES];
    List<Integer> lengths = new ArrayList<>();
    for (int length; (length = stream.next(buffer)) > 0; ) {
      lengths.add(length);
    }
    return lengths;
  }

  private static List<Bytes> chunks(byte[] data) throws IOException {
    List<Bytes> chunks = new ArrayList<>();
    int at = 0;
    for (int length : lengths(data, TestData.SECRET)) {
      chunks.add(Bytes.wrap(data, at, length));
      at += length;
    }
    return chunks;
  }
}
