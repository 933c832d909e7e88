package dev.kith.dht.transfer;

import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks from one holder over one stream; any number of threads may ask at once, and their
 * requests are sent without waiting for earlier answers. What is returned was checked against the
 * chunk's id. Thread-safe.
 *
 * <p>A virtual thread of its own reads the answers. It fills buffers from {@link ChunkBuffers} and
 * hands them over; one whose asker has gone away is given back.
 */
public final class FetchConnection implements Closeable {
  private final Stream stream;
  private final MessageStream messages;
  private final PeerId holder;
  private final ChunkBuffers buffers;
  private final FetchMachine machine = new FetchMachine();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();

  /** Held while requests are numbered and written, so that they leave in the order of numbers. */
  private final Object writing = new Object();

  private @Nullable IOException failure;

  /** One request's way; guarded by the connection. */
  private static final class Pending {
    private final FetchMachine.Request request;
    private byte @Nullable [] data;
    private List<Bytes32> path = List.of();
    private boolean absent;
    private boolean abandoned;

    private Pending(FetchMachine.Request request) {
      this.request = request;
    }
  }

  private FetchConnection(Stream stream, ChunkBuffers buffers) {
    this.stream = stream;
    this.messages = new MessageStream(stream);
    this.holder = stream.remotePeer();
    this.buffers = buffers;
  }

  /**
   * Opens a stream to a holder.
   *
   * @param protocol {@code /kith/<realm8>/fetch/1}
   * @param buffers where returned arrays come from
   */
  public static FetchConnection open(
      Host host, PeerId holder, String protocol, ChunkBuffers buffers, Duration timeout)
      throws IOException, InterruptedException {
    Stream stream = host.open(holder, timeout, protocol);
    stream.timeout(timeout);
    FetchConnection connection = new FetchConnection(stream, buffers);
    Thread.ofVirtual().name("fetch-answers").start(connection::readAnswers);
    return connection;
  }

  public PeerId holder() {
    return holder;
  }

  /** Whether requests can still succeed. */
  public synchronized boolean usable() {
    return failure == null;
  }

  /**
   * Fetches a whole chunk. Blocks; interruption gives up on this request only.
   *
   * @param length its stored length, as the manifest says
   * @return an array of the buffers', with the chunk at its start; the caller gives it back
   * @throws MissingChunkException when the holder does not have it
   * @throws DamagedChunkException when it returned other bytes; it has been told so
   */
  public byte[] fetch(ChunkId chunk, int length, Duration timeout)
      throws IOException, InterruptedException {
    Pending answer = ask(chunk, length, 0, 0, timeout);
    byte[] data = take(answer, timeout);
    if (!SealedChunk.of(data, length).id().equals(chunk)) {
      throw damaged(chunk, data);
    }
    return data;
  }

  /**
   * Fetches frames [first, first + count) of a chunk, and checks them against its id.
   *
   * @return as {@link #fetch}, with the frames at its start
   */
  public byte[] fetchFrames(ChunkId chunk, int length, int first, int count, Duration timeout)
      throws IOException, InterruptedException {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count);
    }
    Pending answer = ask(chunk, length, first, count, timeout);
    byte[] data = take(answer, timeout);
    Bytes32 root;
    try {
      root =
          MerkleTree.rootOf(
              frameLeaves(data, answer.request.length()),
              first,
              Frames.countOfSealed(length),
              answer.path);
    } catch (IllegalArgumentException e) {
      throw damaged(chunk, data);
    }
    if (!root.equals(chunk.hash())) {
      throw damaged(chunk, data);
    }
    return data;
  }

  @Override
  public void close() {
    fail(new IOException("the fetch connection was closed"));
    stream.reset();
  }

  /** The hashes of frames that lie one after another. Only the last may be short. */
  private static byte[] frameLeaves(byte[] frames, int length) {
    return SealedChunk.of(frames, length).leaves();
  }

  private DamagedChunkException damaged(ChunkId chunk, byte[] data) throws IOException {
    buffers.give(data);
    synchronized (writing) {
      write(new FetchMessage.Damaged(chunk));
    }
    return new DamagedChunkException(chunk + " came from " + holder + " with other bytes");
  }

  private Pending ask(ChunkId chunk, int length, int first, int count, Duration timeout)
      throws IOException, InterruptedException {
    synchronized (writing) {
      Pending asked;
      synchronized (this) {
        await(() -> !machine.full(), timeout);
        asked = new Pending(machine.ask(chunk, length, first, count));
        pending.add(asked);
      }
      write(asked.request.message());
      return asked;
    }
  }

  /** A message that left in part only would spoil all later ones, so a failure ends the stream. */
  private void write(FetchMessage message) throws IOException {
    try {
      messages.write(message.encode());
    } catch (IOException e) {
      fail(e);
      stream.reset();
      throw e;
    }
  }

  private synchronized byte[] take(Pending answer, Duration timeout)
      throws IOException, InterruptedException {
    try {
      await(() -> answer.data != null || answer.absent, timeout);
    } finally {
      answer.abandoned = true;
    }
    byte[] data = answer.data;
    if (data == null) {
      throw new MissingChunkException(answer.request.chunk() + " is not at " + holder);
    }
    return data;
  }

  private synchronized void await(BooleanSupplier condition, Duration timeout)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      throwFailure();
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException(holder + " did not answer within " + timeout);
      }
      wait(left / 1_000_000 + 1);
    }
  }

  private synchronized void throwFailure() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private synchronized void fail(IOException e) {
    if (failure == null) {
      failure = e;
    }
    notifyAll();
  }

  private void readAnswers() {
    try {
      while (usable()) {
        Optional<byte[]> body = nextAnswer();
        if (body.isPresent()) {
          handle(FetchMessage.decode(body.get()));
        }
      }
    } catch (IOException e) {
      fail(e);
      stream.reset();
    }
  }

  /** Empty when the holder had nothing to say for a while, which is for the askers to judge. */
  private Optional<byte[]> nextAnswer() throws IOException {
    try {
      return Optional.of(
          messages.read().orElseThrow(() -> new IOException(holder + " ended the stream")));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  private void handle(FetchMessage message) throws IOException {
    Pending answered;
    FetchMachine.Answer answer;
    synchronized (this) {
      answer = machine.on(message);
      answered = pending.remove();
    }
    switch (answer) {
      case FetchMachine.Answer.Absent _ -> {
        synchronized (this) {
          answered.absent = true;
          notifyAll();
        }
      }
      case FetchMachine.Answer.Data data -> {
        byte[] buffer = buffers.take(data.request().length());
        messages.readData(buffer, data.request().length());
        synchronized (this) {
          if (answered.abandoned) {
            buffers.give(buffer);
          } else {
            answered.path = data.path();
            answered.data = buffer;
            notifyAll();
          }
        }
      }
    }
  }
}
