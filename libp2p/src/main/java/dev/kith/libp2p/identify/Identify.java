package dev.kith.libp2p.identify;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.record.PeerRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identify protocol of one host: it answers who the host is, asks each new connection once, and
 * takes the changes that peers push. Thread-safe.
 */
public final class Identify {
  public static final String PROTOCOL = "/ipfs/id/1.0.0";
  public static final String PUSH_PROTOCOL = "/ipfs/id/push/1.0.0";

  private static final Logger LOG = LoggerFactory.getLogger(Identify.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final PeerInfo NOTHING =
      new PeerInfo("", "", List.of(), List.of(), Optional.empty());

  private final PublicKey key;
  private final Self self;
  private final Listener listener;

  /** Guarded by itself. */
  private final ObservedAddresses observed = new ObservedAddresses();

  private final ReentrantLock pushing = new ReentrantLock();

  /** What is known of the peers that are connected. */
  private final ConcurrentMap<PeerId, PeerInfo> known = new ConcurrentHashMap<>();

  /** What a host tells a peer of itself. */
  @FunctionalInterface
  public interface Self {
    /** The observed address is the remote's, as this host sees it. */
    PeerInfo introduce(Connection to);
  }

  /** Told what peers say, once it was checked. */
  @FunctionalInterface
  public interface Listener {
    void identified(Connection connection, PeerInfo info);
  }

  public Identify(PublicKey key, Self self, Listener listener) {
    this.key = key;
    this.self = self;
    this.listener = listener;
  }

  /** Answers a peer that asks. */
  public void serve(Stream stream) throws IOException {
    stream.timeout(TIMEOUT);
    PeerInfo info = self.introduce(stream.connection());
    for (byte[] message : IdentifyMessage.of(info, key).messages()) {
      Varint.writeMessage(stream.output(), message);
    }
  }

  /** Takes what a peer pushes: what it leaves out stays as it was. */
  public void servePush(Stream stream) throws IOException {
    stream.timeout(TIMEOUT);
    learn(stream, known.getOrDefault(stream.remotePeer(), NOTHING));
  }

  /** Asks the peer of a new connection. Blocks; a peer that does not answer is logged only. */
  public void ask(Connection connection) {
    try (Stream stream = connection.openStream(TIMEOUT, PROTOCOL)) {
      stream.timeout(TIMEOUT);
      stream.closeWrite();
      learn(stream, NOTHING);
    } catch (ProtocolViolationException e) {
      LOG.info("{} broke identify: {}", connection.remotePeer(), e.getMessage());
    } catch (UnsupportedProtocolException e) {
      LOG.debug("{} does not serve identify", connection.remotePeer());
    } catch (IOException e) {
      LOG.debug("{} was not identified: {}", connection.remotePeer(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells those peers who take pushes what has changed here. Blocks; of several changes in a row
   * each peer hears the last one at the least.
   */
  public void push(Collection<Connection> connections) {
    pushing.lock(); // one after another, or an older push could arrive after a newer one
    // To all at once, as some may not take it for a long time; the end of this waits for them.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Connection connection : connections) {
        PeerInfo peer = known.get(connection.remotePeer());
        if (peer != null && peer.protocols().contains(PUSH_PROTOCOL)) {
          threads.execute(() -> push(connection));
        }
      }
    } finally {
      pushing.unlock();
    }
  }

  private void push(Connection connection) {
    try (Stream stream = connection.openStream(TIMEOUT, PUSH_PROTOCOL)) {
      serve(stream);
    } catch (IOException e) {
      LOG.debug("{} took no push: {}", connection.remotePeer(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Prefers addresses that the peer has signed. A record that is forged, of another peer, or older
   * than the one before is not believed; what was signed once is not replaced by what is not.
   */
  private static PeerInfo certified(
      IdentifyMessage message, PeerInfo before, PeerInfo merged, PeerId peer) {
    try {
      Optional<PeerRecord> old =
          before.signedRecord().isPresent()
              ? Optional.of(PeerRecord.open(before.signedRecord().get()))
              : Optional.empty();
      if (message.signedRecord().isPresent()) {
        PeerRecord record = PeerRecord.open(message.signedRecord().get());
        if (!record.peer().equals(peer)) {
          LOG.info("{} shows a record of {}", peer, record.peer());
        } else if (old.isEmpty() || !record.isOlderThan(old.get())) {
          return merged.certified(record.addresses(), message.signedRecord().get());
        }
      }
      if (old.isPresent() && before.signedRecord().isPresent()) {
        return merged.certified(old.get().addresses(), before.signedRecord().get());
      }
    } catch (ProtocolViolationException e) {
      LOG.info("{} shows a record that is not believed: {}", peer, e.getMessage());
      return before.signedRecord().isPresent()
          ? merged.certified(before.listenAddresses(), before.signedRecord().get())
          : merged;
    }
    return merged;
  }

  /** What a dialler sees is the port of one connection, unless the socket listens, too. */
  private void sighted(Multiaddr address, Connection connection) {
    if (connection.outbound()
        && !self.introduce(connection).listenAddresses().contains(connection.localAddress())) {
      return;
    }
    synchronized (observed) {
      observed.sighted(
          address, connection.remotePeer(), connection.remoteAddress(), System.nanoTime());
    }
  }

  /**
   * Where peers at several sites see this host, most witnesses first. Candidates only: nobody has
   * tried whether they can be reached.
   */
  public List<Multiaddr> observed() {
    synchronized (observed) {
      return observed.candidates(System.nanoTime());
    }
  }

  /** Forgets a peer whose last connection closed. */
  public void forget(PeerId peer) {
    known.remove(peer);
  }

  private void learn(Stream stream, PeerInfo before) throws IOException {
    Connection connection = stream.connection();
    IdentifyMessage message = IdentifyMessage.read(stream.input());
    Bytes connected = connection.remoteKey().encoded();
    if (message.publicKey().isPresent() && !message.publicKey().get().equals(connected)) {
      throw new ProtocolViolationException("identify: another key than the connection's");
    }
    PeerInfo info = certified(message, before, message.merge(before), connection.remotePeer());
    info.observedAddress()
        .filter(_ -> message.observedAddress().isPresent())
        .ifPresent(address -> sighted(address, connection));
    known.put(connection.remotePeer(), info);
    if (!connection.open()) {
      known.remove(connection.remotePeer(), info);
    }
    listener.identified(connection, info);
  }
}
