package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.libp2p.ProtocolViolationException;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The fetcher's side of a stream, without I/O: which answer belongs to which request, and whether
 * it can be one. Not thread-safe.
 */
final class FetchMachine {
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private int next;

  /**
   * What was asked for.
   *
   * @param chunkLength of the whole chunk, as the manifest says
   * @param count 0 = the whole chunk
   */
  record Request(int number, ChunkId chunk, int chunkLength, int first, int count) {
    /** The bytes that answer it. */
    int length() {
      if (count == 0) {
        return chunkLength;
      }
      int from = first * Frames.SEALED_BYTES;
      return Math.min(chunkLength, from + count * Frames.SEALED_BYTES) - from;
    }

    FetchMessage message() {
      return count == 0
          ? new FetchMessage.GetChunk(number, chunk)
          : new FetchMessage.GetFrames(number, chunk, first, count);
    }
  }

  /** What a holder's message means for the request that it answers. */
  sealed interface Answer {
    Request request();

    /** {@code request.length()} bytes follow. */
    record Data(Request request, List<Bytes32> path) implements Answer {}

    record Absent(Request request) implements Answer {}
  }

  boolean full() {
    return waiting.size() >= TransferLimits.REQUESTS_MAX;
  }

  /** Takes a request; its message must be sent before that of the next one. */
  Request ask(ChunkId chunk, int chunkLength, int first, int count) {
    if (!Frames.isSealedLength(chunkLength)) {
      throw new IllegalArgumentException("chunkLength: " + chunkLength);
    }
    if (first < 0 || count < 0 || first + count > Frames.countOfSealed(chunkLength)) {
      throw new IllegalArgumentException("frames " + first + " + " + count);
    }
    Request request = new Request(next, chunk, chunkLength, first, count);
    next = next == Integer.MAX_VALUE ? 0 : next + 1;
    waiting.add(request);
    return request;
  }

  /** Takes a holder's message. */
  Answer on(FetchMessage message) throws ProtocolViolationException {
    return switch (message) {
      case FetchMessage.ChunkData m -> {
        Request request = answered(m.request());
        if (request.count() != 0 || m.length() != request.length()) {
          throw unexpected(m);
        }
        yield new Answer.Data(request, List.of());
      }
      case FetchMessage.FramesData m -> {
        Request request = answered(m.request());
        if (request.count() == 0
            || m.chunkLength() != request.chunkLength()
            || m.length() != request.length()) {
          throw unexpected(m);
        }
        yield new Answer.Data(request, m.path());
      }
      case FetchMessage.Missing m -> new Answer.Absent(answered(m.request()));
      case FetchMessage.Failed m -> new Answer.Absent(answered(m.request()));
      case FetchMessage.GetChunk m -> throw unexpected(m);
      case FetchMessage.GetFrames m -> throw unexpected(m);
      case FetchMessage.Damaged m -> throw unexpected(m);
    };
  }

  private Request answered(int number) throws ProtocolViolationException {
    Request request = waiting.poll();
    if (request == null || request.number() != number) {
      throw new ProtocolViolationException("an answer to " + number + ", asked was " + request);
    }
    return request;
  }

  private static ProtocolViolationException unexpected(FetchMessage message) {
    return new ProtocolViolationException("an answer that fits no request: " + message);
  }
}
