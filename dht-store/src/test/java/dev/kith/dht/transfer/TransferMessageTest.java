package dev.kith.dht.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.TestData;
import dev.kith.libp2p.ProtocolViolationException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

class TransferMessageTest {
  private static final Bytes32 HASH = Bytes32.repeat((byte) 0xab);
  private static final Bytes RECEIPT = Bytes.repeat((byte) 5, 64);
  private static final List<StoreMessage> STORE =
      List.of(
          new StoreMessage.Open(new GroupId(HASH), 64L << 20),
          new StoreMessage.Chunk(new ChunkId(HASH), 1_000_016),
          new StoreMessage.KeepAlive(),
          new StoreMessage.Commit(HASH, 1_000_016, 1),
          new StoreMessage.Accepted(16 << 20),
          new StoreMessage.Acked(3, 4 << 20),
          new StoreMessage.Committed(RECEIPT),
          new StoreMessage.Present(HASH, 5, 1, RECEIPT),
          new StoreMessage.Refused(Refusal.QUOTA, "voll: größer"));
  private static final List<FetchMessage> FETCH =
      List.of(
          new FetchMessage.GetChunk(7, new ChunkId(HASH)),
          new FetchMessage.GetFrames(8, new ChunkId(HASH), 3, 2),
          new FetchMessage.Damaged(new ChunkId(HASH)),
          new FetchMessage.ChunkData(7, 1_000_016),
          new FetchMessage.FramesData(8, 1_000_016, 131_104, List.of(HASH, Bytes32.ZERO)),
          new FetchMessage.Missing(9),
          new FetchMessage.Failed(10));

  @Test
  void decode_givesBackWhatWasEncoded() throws Exception {
    for (StoreMessage message : STORE) {
      assertThat(StoreMessage.decode(body(message.encode()))).isEqualTo(message);
    }
    for (FetchMessage message : FETCH) {
      assertThat(FetchMessage.decode(body(message.encode()))).isEqualTo(message);
    }
  }

  @Test
  void encode_isPinned() {
    assertThat(HexFormat.of().formatHex(new StoreMessage.Acked(3, 4 << 20).encode()))
        .isEqualTo("000d42000000030000000000400000");
    assertThat(HexFormat.of().formatHex(STORE.get(1).encode()))
        .isEqualTo("002502" + "ab".repeat(32) + "000f4250");
    assertThat(HexFormat.of().formatHex(FETCH.get(1).encode()))
        .isEqualTo("00290200000008" + "ab".repeat(32) + "00030002");
    assertThat(HexFormat.of().formatHex(FETCH.get(4).encode()))
        .isEqualTo("004e4200000008000f42500002002002" + "ab".repeat(32) + "00".repeat(32));
  }

  @Test
  void decode_refusesEveryCutAndEveryTail() {
    for (StoreMessage message : STORE) {
      byte[] body = body(message.encode());
      for (int length = 0; length < body.length; length++) {
        byte[] cut = Arrays.copyOf(body, length);
        assertThatThrownBy(() -> StoreMessage.decode(cut))
            .isInstanceOf(ProtocolViolationException.class);
      }
      assertThatThrownBy(() -> StoreMessage.decode(Arrays.copyOf(body, body.length + 1)))
          .isInstanceOf(ProtocolViolationException.class);
    }
    for (FetchMessage message : FETCH) {
      byte[] body = body(message.encode());
      for (int length = 0; length < body.length; length++) {
        byte[] cut = Arrays.copyOf(body, length);
        assertThatThrownBy(() -> FetchMessage.decode(cut))
            .isInstanceOf(ProtocolViolationException.class);
      }
    }
  }

  @Test
  void decode_refusesNumbersOutOfBounds() {
    for (String hex :
        List.of(
            "02" + "ab".repeat(32) + "00000010", // a chunk that is a tag only
            "02" + "ab".repeat(32) + "7fffffff",
            "02" + "ab".repeat(32) + "ffffffff",
            "01" + "ab".repeat(32) + "ffffffffffffffff",
            "41" + "7fffffffffffffff",
            "45" + "63" + "0000",
            "00")) {
      byte[] body = HexFormat.of().parseHex(hex);
      assertThatThrownBy(() -> StoreMessage.decode(body))
          .as(hex)
          .isInstanceOf(ProtocolViolationException.class);
    }
    for (String hex :
        List.of(
            "02" + "00000001" + "ab".repeat(32) + "0000" + "0000",
            "02" + "00000001" + "ab".repeat(32) + "0040" + "0001",
            "42" + "00000001" + "00010000" + "00010000" + "ff",
            "41" + "00000001" + "7fffffff")) {
      byte[] body = HexFormat.of().parseHex(hex);
      assertThatThrownBy(() -> FetchMessage.decode(body))
          .as(hex)
          .isInstanceOf(ProtocolViolationException.class);
    }
  }

  @Test
  void decode_takesOrRefusesAnyBytesAndDoesNothingElse() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = TestData.random(random.nextLong(), random.nextInt(0, 120));
      if (body.length > 0) {
        body[0] = (byte) (random.nextBoolean() ? random.nextInt(1, 5) : random.nextInt(65, 70));
      }
      try {
        StoreMessage.decode(body);
        FetchMessage.decode(body);
      } catch (ProtocolViolationException e) {
        assertThat(e).hasMessageNotContaining("null");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static byte[] body(byte[] framed) {
    assertThat((framed[0] & 0xff) << 8 | (framed[1] & 0xff)).isEqualTo(framed.length - 2);
    return Arrays.copyOfRange(framed, 2, framed.length);
  }
}
