package dev.kith.ledger.replica;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.record.Batch;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/** Takes followers' batches at a validator: each is answered with one byte. */
final class SubmitServer implements AutoCloseable {
  /** It will be proposed. */
  static final int TAKEN = 0;

  /** There is no room, or this peer does not vote; ask another. */
  static final int BUSY = 1;

  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

  private final Replicated replicated;
  private final Supplier<Engine> engine;

  SubmitServer(Replicated replicated, Supplier<Engine> engine) {
    this.replicated = replicated;
    this.engine = engine;
  }

  void start() {
    replicated.host().serve(replicated.protocols().submit(), this::serve);
  }

  private void serve(Stream stream) throws IOException, InterruptedException {
    if (!replicated.isMember(stream.remotePeer())) {
      stream.reset();
      return;
    }
    stream.timeout(IDLE_TIMEOUT);
    try {
      while (true) {
        Batch batch = Batch.decode(Frames.read(stream.input(), Batch.BYTES_MAX));
        if (!batch.verify(replicated.realmId())) {
          throw new ProtocolViolationException("a batch with a false signature");
        }
        boolean busy = true;
        if (engine.get() instanceof Validator validator && validator.votes() && !validator.busy()) {
          validator.submit(batch);
          busy = false;
        }
        stream.output().write(busy ? BUSY : TAKEN);
      }
    } catch (EOFException e) {
      stream.closeWrite();
    } catch (DecodeException e) {
      throw new ProtocolViolationException("a batch that cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    replicated.host().stopServing(replicated.protocols().submit());
  }
}
