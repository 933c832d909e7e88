package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.libp2p.ProtocolViolationException;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Messages of {@code /kith/<realm8>/store/1}. On the wire each is a length (u16), a type (u8) and
 * its fields in order, numbers big-endian; the bytes of a chunk follow their {@link Chunk}.
 *
 * <pre>
 * putter -> holder   Open, (Chunk data | KeepAlive)*, Commit
 * holder -> putter   Accepted, Acked*, Committed | Present | Refused at any time, which ends it
 * </pre>
 */
sealed interface StoreMessage {
  int RECEIPT_BYTES = 64;

  /** The putter wants to store this group, of about so many bytes. */
  record Open(GroupId group, long bytesExpected) implements StoreMessage {}

  /** {@code length} bytes follow, which are this chunk. */
  record Chunk(ChunkId id, int length) implements StoreMessage {}

  /** Nothing to send at the moment. */
  record KeepAlive() implements StoreMessage {}

  /** That was all; what the putter believes to have sent. */
  record Commit(Bytes32 root, long bytes, int chunks) implements StoreMessage {}

  /** The holder takes the group; so many bytes of chunks may be under way. */
  record Accepted(long credit) implements StoreMessage {}

  /** The first {@code chunks} chunks arrived and are sound; so many more bytes may be sent. */
  record Acked(int chunks, long credit) implements StoreMessage {}

  /** The group is durable. */
  record Committed(Bytes receipt) implements StoreMessage {
    public Committed {
      checkReceipt(receipt);
    }
  }

  /** The group was here already. */
  record Present(Bytes32 root, long bytes, int chunks, Bytes receipt) implements StoreMessage {
    public Present {
      checkReceipt(receipt);
    }
  }

  /** It will not be. */
  record Refused(Refusal refusal, String text) implements StoreMessage {
    public Refused {
      Objects.requireNonNull(refusal, "refusal");
      Objects.requireNonNull(text, "text");
    }
  }

  private static void checkReceipt(Bytes receipt) {
    if (receipt.size() != RECEIPT_BYTES) {
      throw new IllegalArgumentException("receipt: " + receipt.size() + " bytes");
    }
  }

  /** The message with its length. */
  default byte[] encode() {
    Encoder out = new Encoder();
    switch (this) {
      case Open m -> out.type(1).hash(m.group.hash()).u64(m.bytesExpected);
      case Chunk m -> out.type(2).hash(m.id.hash()).u32(m.length);
      case KeepAlive _ -> out.type(3);
      case Commit m -> out.type(4).hash(m.root).u64(m.bytes).u32(m.chunks);
      case Accepted m -> out.type(65).u64(m.credit);
      case Acked m -> out.type(66).u32(m.chunks).u64(m.credit);
      case Committed m -> out.type(67).bytes(m.receipt);
      case Present m -> out.type(68).hash(m.root).u64(m.bytes).u32(m.chunks).bytes(m.receipt);
      case Refused m -> out.type(69).u8(m.refusal.number()).text(m.text);
    }
    return out.framed();
  }

  /**
   * Reads a message without its length.
   *
   * @throws ProtocolViolationException for an unknown type, a number out of its bounds, bytes that
   *     are missing or left over
   */
  static StoreMessage decode(byte[] body) throws ProtocolViolationException {
    Decoder in = new Decoder(body);
    int type = in.u8();
    StoreMessage message =
        switch (type) {
          case 1 -> new Open(new GroupId(in.hash()), in.u64(TransferLimits.GROUP_BYTES_MAX));
          case 2 -> new Chunk(new ChunkId(in.hash()), chunkLength(in));
          case 3 -> new KeepAlive();
          case 4 ->
              new Commit(
                  in.hash(),
                  in.u64(TransferLimits.GROUP_BYTES_MAX),
                  in.u32(TransferLimits.GROUP_CHUNKS_MAX));
          case 65 -> new Accepted(in.u64(TransferLimits.CREDIT_BYTES_MAX));
          case 66 ->
              new Acked(
                  in.u32(TransferLimits.GROUP_CHUNKS_MAX), in.u64(TransferLimits.CREDIT_BYTES_MAX));
          case 67 -> new Committed(in.bytes(RECEIPT_BYTES));
          case 68 ->
              new Present(
                  in.hash(),
                  in.u64(TransferLimits.GROUP_BYTES_MAX),
                  in.u32(TransferLimits.GROUP_CHUNKS_MAX),
                  in.bytes(RECEIPT_BYTES));
          case 69 -> new Refused(refusal(in), in.text(TransferLimits.TEXT_BYTES_MAX));
          default -> throw new ProtocolViolationException("store message of type " + type);
        };
    in.end();
    return message;
  }

  private static int chunkLength(Decoder in) throws ProtocolViolationException {
    int length = in.u32(TransferLimits.CHUNK_BYTES_MAX);
    if (!Frames.isSealedLength(length)) {
      throw new ProtocolViolationException("no chunk has " + length + " bytes");
    }
    return length;
  }

  private static Refusal refusal(Decoder in) throws ProtocolViolationException {
    int number = in.u8();
    return Refusal.of(number)
        .orElseThrow(() -> new ProtocolViolationException("refusal of number " + number));
  }
}
