package dev.kith.ledger.replica;

import dev.kith.ledger.LedgerView;
import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.state.Executor;
import dev.kith.ledger.state.StateStore;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of one replica share. Everything in it is thread-safe but {@code chain}, which the
 * thread that delivers blocks owns.
 */
record Replicated(
    Committees committees,
    Dialler dialler,
    Protocols protocols,
    StateStore store,
    Archive archive,
    StateChain chain,
    LedgerView view,
    BatchPool pool,
    FinalFeed feed) {
  private static final Logger LOG = LoggerFactory.getLogger(Replicated.class);

  Host host() {
    return dialler.host();
  }

  Bytes32 realmId() {
    return store.realmId();
  }

  /** Of the present epoch. */
  Committee committee() {
    return committees.current();
  }

  /** Of the present epoch, by index in the committee. */
  List<PeerId> validators() {
    return committees.present().validators();
  }

  ChainPoint head() {
    return store.applied().point();
  }

  /** Whether a batch may still have an effect. */
  boolean wanted(Batch batch) {
    try {
      return Executor.fits(store, batch, head().height() + 1);
    } catch (IOException e) {
      LOG.warn("the ledger's state cannot be read", e);
      return false;
    }
  }

  /** The archived block of a height; empty above the head. */
  Optional<Archived> block(long height) throws IOException {
    Optional<Bytes> location = store.blockLocation(height);
    return location.isEmpty()
        ? Optional.empty()
        : Optional.of(archive.read(Location.decode(location.get())));
  }

  /** Tells everybody of a block that was just committed. */
  void publish(Archived archived) {
    archived.block().batches().forEach(pool::finalized);
    feed.publish(archived);
  }

  /** Checks a final block that came from outside, all but its place in the chain. */
  void verify(FinalBlock block) throws ProtocolViolationException {
    if (!block.finality().proves(block.block(), committee())) {
      throw new ProtocolViolationException("a block that is not proved final");
    }
    for (Batch batch : block.batches()) {
      if (!batch.verify(realmId())) {
        throw new ProtocolViolationException("a final block with a false signature");
      }
    }
  }

  boolean isMember(PeerId peer) {
    return view.member(peer).isPresent();
  }
}
