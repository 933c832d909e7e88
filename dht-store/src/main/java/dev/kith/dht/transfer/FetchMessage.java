package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.libp2p.ProtocolViolationException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Messages of {@code /kith/<realm8>/fetch/1}, framed like those of {@link StoreMessage}. Answers
 * come in the order of the requests and carry their numbers; the bytes follow their header.
 *
 * <pre>
 * fetcher -> holder   (GetChunk | GetFrames | Damaged)*
 * holder -> fetcher   (ChunkData data | FramesData data | Missing | Failed)*
 * </pre>
 */
sealed interface FetchMessage {
  /** Wants a whole chunk. */
  record GetChunk(int request, ChunkId chunk) implements FetchMessage {}

  /** Wants frames [first, first + count) of a chunk. */
  record GetFrames(int request, ChunkId chunk, int first, int count) implements FetchMessage {}

  /** This chunk came with other bytes than it should; not answered. */
  record Damaged(ChunkId chunk) implements FetchMessage {}

  /** {@code length} bytes follow, which are the chunk. */
  record ChunkData(int request, int length) implements FetchMessage {}

  /**
   * The frames follow.
   *
   * @param chunkLength of the whole chunk
   * @param length of the frames
   * @param path as {@link MerkleTree#path} gives it
   */
  record FramesData(int request, int chunkLength, int length, List<Bytes32> path)
      implements FetchMessage {
    public FramesData {
      path = List.copyOf(path);
    }
  }

  /** The holder has no such chunk. */
  record Missing(int request) implements FetchMessage {}

  /** The holder could not read it. */
  record Failed(int request) implements FetchMessage {}

  /** The message with its length. */
  default byte[] encode() {
    Encoder out = new Encoder();
    switch (this) {
      case GetChunk m -> out.type(1).u32(m.request).hash(m.chunk.hash());
      case GetFrames m -> out.type(2).u32(m.request).hash(m.chunk.hash()).u16(m.first).u16(m.count);
      case Damaged m -> out.type(3).hash(m.chunk.hash());
      case ChunkData m -> out.type(65).u32(m.request).u32(m.length);
      case FramesData m -> {
        out.type(66).u32(m.request).u32(m.chunkLength).u32(m.length).u8(m.path.size());
        m.path.forEach(out::hash);
      }
      case Missing m -> out.type(67).u32(m.request);
      case Failed m -> out.type(68).u32(m.request);
    }
    return out.framed();
  }

  /**
   * Reads a message without its length.
   *
   * @throws ProtocolViolationException for an unknown type, a number out of its bounds, bytes that
   *     are missing or left over
   */
  static FetchMessage decode(byte[] body) throws ProtocolViolationException {
    Decoder in = new Decoder(body);
    int type = in.u8();
    FetchMessage message =
        switch (type) {
          case 1 -> new GetChunk(request(in), new ChunkId(in.hash()));
          case 2 -> {
            GetFrames get =
                new GetFrames(
                    request(in),
                    new ChunkId(in.hash()),
                    in.u16(Frames.COUNT_MAX - 1),
                    in.u16(Frames.COUNT_MAX));
            if (get.count == 0) {
              throw new ProtocolViolationException("a range of no frames");
            }
            yield get;
          }
          case 3 -> new Damaged(new ChunkId(in.hash()));
          case 65 -> new ChunkData(request(in), length(in));
          case 66 -> new FramesData(request(in), length(in), length(in), path(in));
          case 67 -> new Missing(request(in));
          case 68 -> new Failed(request(in));
          default -> throw new ProtocolViolationException("fetch message of type " + type);
        };
    in.end();
    return message;
  }

  private static int request(Decoder in) throws ProtocolViolationException {
    return in.u32(Integer.MAX_VALUE);
  }

  private static int length(Decoder in) throws ProtocolViolationException {
    return in.u32(TransferLimits.CHUNK_BYTES_MAX);
  }

  private static List<Bytes32> path(Decoder in) throws ProtocolViolationException {
    int count = in.u8();
    if (count > MerkleTree.pathLengthMax(Frames.COUNT_MAX)) {
      throw new ProtocolViolationException("a path of " + count + " hashes");
    }
    List<Bytes32> path = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      path.add(in.hash());
    }
    return path;
  }
}
