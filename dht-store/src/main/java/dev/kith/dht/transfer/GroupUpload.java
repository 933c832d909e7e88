package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * Puts one group on one holder. One thread sends; a virtual thread of its own takes the holder's
 * answers. Closing it before the receipt is there gives up, and the holder forgets the group.
 */
public final class GroupUpload implements Closeable {
  private final Stream stream;
  private final MessageStream messages;
  private final Duration timeout;
  private final UploadMachine machine = new UploadMachine();
  private @Nullable IOException failure;

  private GroupUpload(Stream stream, Duration timeout) {
    this.stream = stream;
    this.messages = new MessageStream(stream);
    this.timeout = timeout;
  }

  /**
   * Asks a holder to take a group. Blocks until it answered.
   *
   * @param protocol {@code /kith/<realm8>/store/1}
   * @param bytesExpected for the holder to set room aside
   * @param timeout the longest that the holder may show no progress, here and later on
   * @throws RefusedException when it will not
   */
  public static GroupUpload open(
      Host host,
      PeerId holder,
      String protocol,
      GroupId group,
      long bytesExpected,
      Duration timeout)
      throws IOException, InterruptedException {
    Stream stream = host.open(holder, timeout, protocol);
    stream.timeout(timeout);
    GroupUpload upload = new GroupUpload(stream, timeout);
    boolean open = false;
    try {
      upload.messages.write(new StoreMessage.Open(group, bytesExpected).encode());
      Thread.ofVirtual().name("upload-answers").start(upload::readAnswers);
      upload.await(upload.machine::answered);
      open = true;
      return upload;
    } finally {
      if (!open) {
        upload.close();
      }
    }
  }

  /** Whether the holder had the group before; then nothing is to be sent. */
  public synchronized boolean present() {
    return machine.present().isPresent();
  }

  /** Chunks that the holder has found sound. */
  public synchronized int acked() {
    return machine.acked();
  }

  /** Sends a chunk; blocks while the holder's credit is spent. */
  public void send(SealedChunk chunk) throws IOException, InterruptedException {
    send(chunk.id(), chunk.data(), chunk.length());
  }

  /** As {@link #send(SealedChunk)}, for the first {@code length} bytes of an array. */
  public void send(ChunkId id, byte[] data, int length) throws IOException, InterruptedException {
    if (present()) {
      return;
    }
    await(() -> machine.maySend(length));
    synchronized (this) {
      machine.sent(length);
    }
    messages.write(new StoreMessage.Chunk(id, length).encode(), data, length);
  }

  /** Tells the holder that the putter is still there; at least once a minute while idle. */
  public void keepAlive() throws IOException {
    if (!present()) {
      messages.write(new StoreMessage.KeepAlive().encode());
    }
  }

  /**
   * Ends the group and blocks until it is durable.
   *
   * @return the holder's receipt, 64 bytes, unchecked
   * @throws RefusedException MISMATCH when the holder has another group under this id
   */
  public Bytes commit(Bytes32 root, long bytes, int chunks)
      throws IOException, InterruptedException {
    StoreMessage.Commit commit = new StoreMessage.Commit(root, bytes, chunks);
    Optional<StoreMessage.Present> before;
    synchronized (this) {
      before = machine.present();
    }
    if (before.isPresent()) {
      StoreMessage.Present there = before.get();
      if (!commit.equals(new StoreMessage.Commit(there.root(), there.bytes(), there.chunks()))) {
        throw new RefusedException(Refusal.MISMATCH, "the holder has another group of this id");
      }
      return there.receipt();
    }
    synchronized (this) {
      throwFailure();
      machine.committing();
    }
    messages.write(commit.encode());
    await(machine::ended);
    synchronized (this) {
      return machine.receipt().orElseThrow(() -> new IllegalStateException("no receipt"));
    }
  }

  @Override
  public void close() {
    boolean ended;
    synchronized (this) {
      ended = machine.ended() && machine.refused().isEmpty();
    }
    try {
      if (ended) {
        stream.close();
      } else {
        stream.reset();
      }
    } catch (IOException e) {
      stream.reset();
    }
  }

  private void readAnswers() {
    try {
      boolean more = true;
      while (more) {
        Optional<StoreMessage> message = nextAnswer();
        synchronized (this) {
          if (message.isPresent()) {
            machine.on(message.get());
          }
          more = !machine.ended();
          notifyAll();
        }
      }
    } catch (IOException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  /** Empty when the holder had nothing to say for a while, which is for the sender to judge. */
  private Optional<StoreMessage> nextAnswer() throws IOException {
    try {
      byte[] body =
          messages.read().orElseThrow(() -> new IOException("the holder ended the stream"));
      return Optional.of(StoreMessage.decode(body));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  /** Blocks until the holder's messages made it so; each message gives it the whole time again. */
  private synchronized void await(BooleanSupplier condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    int acked = machine.acked();
    throwFailure();
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("the holder made no progress for " + timeout);
      }
      wait(left / 1_000_000 + 1);
      throwFailure();
      if (machine.acked() != acked) {
        acked = machine.acked();
        deadline = System.nanoTime() + timeout.toNanos();
      }
    }
  }

  private synchronized void throwFailure() throws IOException {
    if (machine.refused().isPresent()) {
      StoreMessage.Refused refused = machine.refused().get();
      throw new RefusedException(refused.refusal(), refused.text());
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }
}
