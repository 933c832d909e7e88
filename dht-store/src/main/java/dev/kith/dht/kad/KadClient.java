package dev.kith.dht.kad;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests, each on a stream of its own. Thread-safe; blocks. */
final class KadClient {
  private static final Duration LINGER = Duration.ofMillis(250);

  private static final Logger log = LoggerFactory.getLogger(KadClient.class);

  private final Host host;
  private final String protocol;

  KadClient(Host host, String protocol) {
    this.host = host;
    this.protocol = protocol;
  }

  /**
   * Sends one request and reads its answer; for ADD_PROVIDER, which has none, an empty one. Of the
   * addresses in it only those remain that the host believes.
   *
   * @param timeout of the whole, with connecting
   * @throws IOException when the peer cannot be reached, does not serve the protocol, or breaks it
   */
  KadResponse request(Contact peer, KadRequest request, Duration timeout)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    host.addressBook().hear(peer.id(), peer.addresses(), PeerStore.HEARSAY);
    Stream stream = host.open(peer.id(), timeout, protocol);
    try {
      stream.timeout(left(end));
      stream.output().write(KadCodec.encode(request));
      if (!request.answered()) {
        Thread.ofVirtual().name("kad-linger").start(() -> closeSoon(stream));
        return KadResponse.closer(MessageType.ADD_PROVIDER, Bytes.EMPTY, List.of());
      }
      stream.timeout(left(end));
      // Not closed for writing before: js-libp2p would drop the request unread.
      KadResponse response = KadCodec.readResponse(stream.input(), request);
      Multiaddr teller = stream.connection().remoteAddress();
      stream.close();
      return response.believed(addresses -> host.believed(addresses, teller));
    } catch (IOException | RuntimeException e) {
      stream.reset();
      throw e;
    }
  }

  /**
   * js-libp2p drops a request that it has not read when the end of the stream arrives, and nothing
   * tells that an ADD_PROVIDER was read: so its stream stays open for a moment.
   */
  private static void closeSoon(Stream stream) {
    try (stream) {
      stream.timeout(LINGER);
      if (stream.input().read() >= 0) {
        stream.reset(); // an answer to what has none
      }
    } catch (SocketTimeoutException quiet) {
      return; // as it should be
    } catch (IOException e) {
      log.debug("after an announcement: {}", e.toString());
    }
  }

  /**
   * Sends the same request to all of them at once and waits for all.
   *
   * @param timeout of the whole; what is unanswered then is given up
   * @return how many succeeded
   */
  int requestAll(Collection<Contact> peers, KadRequest request, Duration timeout)
      throws InterruptedException {
    AtomicInteger succeeded = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (Contact peer : peers) {
      threads.add(
          Thread.ofVirtual()
              .name("kad-" + request.type() + "-" + peer.id())
              .start(
                  () -> {
                    try {
                      request(peer, request, timeout);
                      succeeded.incrementAndGet();
                    } catch (IOException e) {
                      log.debug("{} to {}: {}", request.type(), peer.id(), e.toString());
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    long end = System.nanoTime() + timeout.toNanos();
    try {
      for (Thread thread : threads) {
        if (!thread.join(left(end))) {
          break;
        }
      }
    } finally {
      threads.forEach(Thread::interrupt);
    }
    return succeeded.get();
  }

  private static Duration left(long end) {
    // Zero would mean for ever.
    return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
  }
}
