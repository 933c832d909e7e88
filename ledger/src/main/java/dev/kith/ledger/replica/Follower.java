package dev.kith.ledger.replica;

import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.record.Batch;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member outside the committee: executes final blocks, and hands its batches to validators. */
final class Follower implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private static final Duration SUBMIT_TIMEOUT = Duration.ofMillis(1_500);

  private final Replicated replicated;
  private final FollowClient client;
  private volatile @Nullable PeerId gateway;
  private boolean closed;

  Follower(Replicated replicated, FollowClient client) {
    this.replicated = replicated;
    this.client = client;
  }

  @Override
  public void start() {
    client.start(this);
  }

  /** One block after another, from one thread or several. */
  @Override
  public synchronized void offer(FinalBlock block) throws IOException {
    if (closed || block.block().height() <= replicated.head().height()) {
      return;
    }
    if (!block.block().header().follows(replicated.head(), replicated.committee())) {
      throw new ProtocolViolationException("a block that does not follow the last one");
    }
    replicated.verify(block);
    replicated.publish(replicated.chain().deliver(block));
  }

  @Override
  public void check() throws IOException {
    client.check();
  }

  @Override
  public void submit(Batch batch) throws IOException, InterruptedException {
    IOException last = new IOException("no validator took the records");
    for (PeerId validator : gateways()) {
      try {
        if (sent(validator, batch)) {
          gateway = validator;
          return;
        }
      } catch (IOException e) {
        LOG.debug("validator {} did not take records: {}", validator, e.toString());
        last.addSuppressed(e);
      }
    }
    throw last;
  }

  private boolean sent(PeerId validator, Batch batch) throws IOException, InterruptedException {
    try (Stream stream =
        replicated.host().open(validator, SUBMIT_TIMEOUT, replicated.protocols().submit())) {
      stream.timeout(SUBMIT_TIMEOUT);
      stream.output().write(Frames.frame(batch.encoded()));
      return stream.input().read() == SubmitServer.TAKEN;
    }
  }

  /** The validator that took the last batch, then those known to be alive, then the others. */
  private List<PeerId> gateways() {
    List<PeerId> validators = new ArrayList<>(replicated.validators());
    Collections.shuffle(validators, ThreadLocalRandom.current());
    List<PeerId> reachable = reachable();
    validators.sort((a, b) -> Integer.compare(rank(a, reachable), rank(b, reachable)));
    return validators;
  }

  private int rank(PeerId validator, List<PeerId> reachable) {
    if (validator.equals(gateway)) {
      return 0;
    }
    return reachable.contains(validator) ? 1 : 2;
  }

  /** The next submission goes to another validator, and blocks come from another peer. */
  void distrust(long silentMillis) {
    gateway = null;
    client.distrust(silentMillis);
  }

  @Override
  public long view() {
    return replicated.head().view();
  }

  @Override
  public List<PeerId> reachable() {
    int mask = client.alive().reachable();
    List<PeerId> reachable = new ArrayList<>();
    for (int i = 0; i < replicated.validators().size(); i++) {
      if ((mask >> i & 1) != 0) {
        reachable.add(replicated.validators().get(i));
      }
    }
    return reachable;
  }

  @Override
  public List<PeerId> vouched() {
    return client.atSource() ? reachable() : List.of();
  }

  @Override
  public boolean votes() {
    return false;
  }

  @Override
  public int pendingRecords() {
    return replicated.feed().waiting();
  }

  @Override
  public synchronized void close() {
    closed = true;
    client.close();
  }
}
