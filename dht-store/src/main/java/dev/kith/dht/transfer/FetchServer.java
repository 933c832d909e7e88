package dev.kith.dht.transfer;

import dev.kith.dht.blockstore.StoredChunk;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /kith/<realm8>/fetch/1}: one request after another, each in pieces from the disk to
 * the stream. The bytes are not hashed here: the fetcher must check them anyway, and says so when
 * they are wrong.
 */
public final class FetchServer implements StreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FetchServer.class);
  private static final int PIECE_BYTES = 256 << 10;

  private final ChunkSource source;
  private final Consumer<ChunkId> damaged;

  /**
   * @param damaged told when a fetcher says that a chunk came with wrong bytes; whoever checks it
   *     must not believe the fetcher. At most a few for each stream.
   */
  public FetchServer(ChunkSource source, Consumer<ChunkId> damaged) {
    this.source = source;
    this.damaged = damaged;
  }

  @Override
  public void handle(Stream stream) throws IOException {
    stream.timeout(TransferLimits.FETCHER_SILENCE_MAX);
    MessageStream messages = new MessageStream(stream);
    byte[] piece = new byte[PIECE_BYTES];
    int reports = 0;
    Optional<byte[]> body = messages.read();
    while (body.isPresent()) {
      switch (FetchMessage.decode(body.get())) {
        case FetchMessage.GetChunk get -> serve(messages, piece, get);
        case FetchMessage.GetFrames get -> serve(messages, piece, get);
        case FetchMessage.Damaged report -> {
          if (++reports > TransferLimits.REPORTS_MAX) {
            throw new ProtocolViolationException("too many reports of damaged chunks");
          }
          damaged.accept(report.chunk());
        }
        case FetchMessage.ChunkData m -> throw unexpected(m);
        case FetchMessage.FramesData m -> throw unexpected(m);
        case FetchMessage.Missing m -> throw unexpected(m);
        case FetchMessage.Failed m -> throw unexpected(m);
      }
      body = messages.read();
    }
  }

  private void serve(MessageStream messages, byte[] piece, FetchMessage.GetChunk get)
      throws IOException {
    Optional<StoredChunk> found = open(get.chunk());
    if (found.isEmpty()) {
      messages.write(new FetchMessage.Missing(get.request()).encode());
      return;
    }
    try (StoredChunk chunk = found.get()) {
      byte[] header = new FetchMessage.ChunkData(get.request(), chunk.length()).encode();
      send(messages, piece, header, get.request(), chunk, 0, chunk.length());
    }
  }

  private void serve(MessageStream messages, byte[] piece, FetchMessage.GetFrames get)
      throws IOException {
    Optional<StoredChunk> found = open(get.chunk());
    if (found.isEmpty()) {
      messages.write(new FetchMessage.Missing(get.request()).encode());
      return;
    }
    try (StoredChunk chunk = found.get()) {
      int frames = Frames.countOfSealed(chunk.length());
      if (get.first() + get.count() > frames) {
        throw new ProtocolViolationException("frames beyond the end of " + get.chunk());
      }
      int from = get.first() * Frames.SEALED_BYTES;
      int to = Math.min(chunk.length(), from + get.count() * Frames.SEALED_BYTES);
      byte[] header =
          new FetchMessage.FramesData(
                  get.request(),
                  chunk.length(),
                  to - from,
                  MerkleTree.path(chunk.leaves(), get.first(), get.count()))
              .encode();
      send(messages, piece, header, get.request(), chunk, from, to);
    }
  }

  private Optional<StoredChunk> open(ChunkId chunk) {
    try {
      return source.open(chunk);
    } catch (IOException e) {
      LOG.warn("{} could not be opened", chunk, e);
      return Optional.empty();
    }
  }

  /** Sends the header with the first piece, so that a disk that fails at once can be answered. */
  private static void send(
      MessageStream messages,
      byte[] piece,
      byte[] header,
      int request,
      StoredChunk chunk,
      int from,
      int to)
      throws IOException {
    int at = from;
    while (at < to) {
      int length = Math.min(piece.length, to - at);
      try {
        chunk.read(at, piece, 0, length);
      } catch (IOException e) {
        LOG.warn("{} could not be read", chunk.id(), e);
        if (at > from) {
          throw e;
        }
        messages.write(new FetchMessage.Failed(request).encode());
        return;
      }
      if (at == from) {
        messages.write(header, piece, length);
      } else {
        messages.writeData(piece, length);
      }
      at += length;
    }
  }

  private static ProtocolViolationException unexpected(FetchMessage message) {
    return new ProtocolViolationException(message.getClass().getSimpleName() + " from a fetcher");
  }
}
