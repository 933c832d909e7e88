package dev.kith.ledger.replica;

import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.simplex.Event;
import dev.kith.ledger.simplex.Message;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the committee: passes what the mesh brings to the loop, after checking what can be
 * checked on the readers' threads, and answers requests for bodies.
 */
final class Validator implements Engine, Mesh.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Validator.class);

  /** What one validator may have sent of batches that it asks for. */
  private static final int ANSWERS_BYTES_PER_SECOND = 512 * 1024;

  private static final int ANSWERS_BYTES_MAX = 2 << 20;

  private final Replicated replicated;
  private final ValidatorLoop loop;
  private final Mesh mesh;
  private final BatchPool pool;
  private final List<Allowance> allowances;
  private final FollowClient client;
  private final List<PeerId> validators;
  private final long epoch;

  Validator(Replicated replicated, ValidatorLoop.Parts parts) {
    this.replicated = replicated;
    pool = replicated.pool();
    client = parts.follow();
    epoch = parts.seated().epoch().number();
    validators = parts.seated().validators();
    long now = ValidatorLoop.millis();
    allowances =
        validators.stream()
            .map(validator -> new Allowance(ANSWERS_BYTES_PER_SECOND, ANSWERS_BYTES_MAX, now))
            .toList();
    mesh =
        new Mesh(
            replicated.dialler(), replicated.protocols().mesh(), validators, parts.self(), this);
    loop = new ValidatorLoop(replicated, parts, mesh);
  }

  @Override
  public void start() {
    loop.start();
    mesh.start();
    client.start(this);
  }

  @Override
  public void check() throws IOException {
    loop.check();
  }

  @Override
  public void submit(Batch batch) {
    if (take(batch)) {
      mesh.broadcast(new MeshMessage.Push(batch));
    }
  }

  /** Puts a verified batch where the next block is made from. */
  private boolean take(Batch batch) {
    boolean fresh = replicated.wanted(batch) && pool.add(batch, ValidatorLoop.millis());
    if (fresh) {
      loop.batchAdded();
    }
    return fresh;
  }

  @Override
  public void offer(FinalBlock block) throws IOException, InterruptedException {
    loop.check();
    if (block.block().header().epoch() != epoch) {
      throw new IOException("a block of another epoch: this one ends first");
    }
    replicated.verify(block);
    loop.fetched(block);
  }

  @Override
  public void connected(int validator) throws InterruptedException {
    loop.event(new Event.Connected(validator));
  }

  @Override
  public void lost(int validator) throws InterruptedException {
    loop.event(new Event.Lost(validator));
  }

  @Override
  public void received(int from, MeshMessage message) throws InterruptedException {
    switch (message) {
      case MeshMessage.Consensus(long epoch, Message said, List<Batch> inline) -> {
        for (Batch batch : inline) {
          accept(from, batch);
        }
        loop.event(new Event.Received(from, epoch, said));
      }
      case MeshMessage.Push(Batch batch) -> accept(from, batch);
      case MeshMessage.Have(List<Bytes32> digests) -> {
        List<Bytes32> missing = digests.stream().filter(digest -> !pool.contains(digest)).toList();
        if (!missing.isEmpty()) {
          mesh.send(from, new MeshMessage.GetBatches(missing));
        }
      }
      case MeshMessage.GetBatches(List<Bytes32> digests) -> {
        for (Bytes32 digest : digests) {
          answer(from, digest);
        }
      }
    }
  }

  private void answer(int from, Bytes32 digest) {
    Optional<Batch> batch = pool.get(digest);
    if (batch.isPresent()
        && allowances.get(from).spend(batch.get().encoded().size(), ValidatorLoop.millis())) {
      mesh.send(from, new MeshMessage.Push(batch.get()));
    }
  }

  private void accept(int from, Batch batch) throws InterruptedException {
    if (pool.contains(batch.digest())) {
      return;
    }
    if (!batch.verify(replicated.realmId())) {
      LOG.warn("validator {} sent a batch with a false signature", from);
    } else if (!take(batch) && loop.wants(batch.digest())) {
      // No room, or it has no effect; but whoever cannot execute a block must not stay behind it.
      pool.keep(batch);
      loop.batchAdded();
    }
  }

  @Override
  public long view() {
    return loop.view();
  }

  @Override
  public List<PeerId> reachable() {
    List<PeerId> reachable = new ArrayList<>();
    loop.reachable().forEach(index -> reachable.add(validators.get(index)));
    return reachable;
  }

  @Override
  public List<PeerId> vouched() {
    return reachable();
  }

  @Override
  public boolean votes() {
    return loop.votes();
  }

  @Override
  public int pendingRecords() {
    return pool.records();
  }

  @Override
  public void close() {
    mesh.close();
    loop.close();
    client.close(); // it may have been waiting for the loop
  }

  /** Whether there is room for more batches. */
  boolean busy() {
    return pool.full();
  }
}
