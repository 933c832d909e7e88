package dev.kith.dht.transfer;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.blockstore.GroupWriter;
import dev.kith.dht.blockstore.StoreFullException;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds groups for putters: serves {@code /kith/<realm8>/store/1}, one group a stream. Every chunk
 * is checked against its id when it arrives; the receipt is signed after the group is durable.
 */
public final class GroupReceiver implements StreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GroupReceiver.class);

  private final BlockStore store;
  private final ReceiptSigner signer;
  private final ChunkBuffers buffers;
  private final Consumer<StoredGroup> committed;

  /**
   * @param committed told of each new group after its putter; must not block for long
   */
  public GroupReceiver(
      BlockStore store,
      ReceiptSigner signer,
      ChunkBuffers buffers,
      Consumer<StoredGroup> committed) {
    this.store = store;
    this.signer = signer;
    this.buffers = buffers;
    this.committed = committed;
  }

  @Override
  public void handle(Stream stream) throws IOException, InterruptedException {
    stream.timeout(TransferLimits.PUTTER_SILENCE_MAX);
    MessageStream messages = new MessageStream(stream);
    if (!(next(messages) instanceof StoreMessage.Open open)) {
      throw new ProtocolViolationException("a group must be opened first");
    }
    Optional<StoredGroup> present = store.group(open.group());
    if (present.isPresent()) {
      StoredGroup group = present.get();
      messages.write(
          new StoreMessage.Present(group.root(), group.bytes(), group.chunks(), signer.sign(group))
              .encode());
      return;
    }
    try (GroupWriter writer = begin(open)) {
      receive(messages, writer);
    } catch (RefusedException e) {
      LOG.info("{} was refused: {}", open.group(), e.getMessage());
      messages.write(
          new StoreMessage.Refused(e.refusal(), String.valueOf(e.getMessage())).encode());
    }
  }

  private GroupWriter begin(StoreMessage.Open open) throws IOException, InterruptedException {
    try {
      return store.begin(open.group(), open.bytesExpected());
    } catch (StoreFullException e) {
      throw full(e);
    } catch (IllegalStateException e) {
      // A putter that lost its connection and is back before this side noticed.
      throw new RefusedException(Refusal.BUSY, "another stream is writing this group");
    }
  }

  private static RefusedException full(StoreFullException e) {
    Refusal refusal =
        switch (e.limit()) {
          case QUOTA -> Refusal.QUOTA;
          case DISK -> Refusal.DISK;
        };
    return new RefusedException(refusal, String.valueOf(e.getMessage()));
  }

  private void receive(MessageStream messages, GroupWriter writer) throws IOException {
    HoldMachine machine = new HoldMachine(TransferLimits.CREDIT_BYTES);
    messages.write(machine.accept().encode());
    while (true) {
      switch (next(messages)) {
        case StoreMessage.Chunk chunk -> {
          machine.announced(chunk);
          receiveChunk(messages, writer, chunk);
          Optional<StoreMessage.Acked> acked = machine.stored(chunk.id(), chunk.length());
          if (acked.isPresent()) {
            messages.write(acked.get().encode());
          }
        }
        case StoreMessage.KeepAlive _ -> {}
        case StoreMessage.Commit commit -> {
          if (!machine.matches(commit)) {
            throw new RefusedException(Refusal.MISMATCH, "the group is not what arrived");
          }
          StoredGroup group = writer.commit();
          messages.write(new StoreMessage.Committed(signer.sign(group)).encode());
          committed.accept(group);
          return;
        }
        case StoreMessage.Open m -> throw unexpected(m);
        case StoreMessage.Accepted m -> throw unexpected(m);
        case StoreMessage.Acked m -> throw unexpected(m);
        case StoreMessage.Committed m -> throw unexpected(m);
        case StoreMessage.Present m -> throw unexpected(m);
        case StoreMessage.Refused m -> throw unexpected(m);
      }
    }
  }

  private void receiveChunk(MessageStream messages, GroupWriter writer, StoreMessage.Chunk chunk)
      throws IOException {
    byte[] data = buffers.take(chunk.length());
    try {
      messages.readData(data, chunk.length());
      SealedChunk sealed = SealedChunk.of(data, chunk.length());
      if (!sealed.id().equals(chunk.id())) {
        throw new RefusedException(Refusal.BAD_CHUNK, chunk.id() + " came with other bytes");
      }
      writer.append(sealed);
    } catch (StoreFullException e) {
      throw full(e);
    } finally {
      buffers.give(data);
    }
  }

  private static StoreMessage next(MessageStream messages) throws IOException {
    byte[] body = messages.read().orElseThrow(() -> new IOException("the putter ended the stream"));
    return StoreMessage.decode(body);
  }

  private static ProtocolViolationException unexpected(StoreMessage message) {
    return new ProtocolViolationException(message.getClass().getSimpleName() + " from a putter");
  }
}
