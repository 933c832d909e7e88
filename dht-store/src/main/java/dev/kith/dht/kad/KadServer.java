package dev.kith.dht.kad;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Serves inbound streams: any number of requests on each, one after another, for peers reuse them.
 * Thread-safe; each stream has a virtual thread of its own.
 */
final class KadServer implements StreamHandler {
  /** A stream on which nothing is asked is closed after this. */
  static final Duration IDLE = Duration.ofMinutes(1);

  /** Requests that are answered at once; further ones wait their turn. */
  static final int CONCURRENT_MAX = 64;

  private final Host host;
  private final Responder responder;
  private final Clock clock;
  private final Semaphore slots = new Semaphore(CONCURRENT_MAX);

  /**
   * @param host believes, or does not, where providers say that they are
   */
  KadServer(Host host, Responder responder, Clock clock) {
    this.host = host;
    this.responder = responder;
    this.clock = clock;
  }

  @Override
  public void handle(Stream stream) throws IOException, InterruptedException {
    stream.timeout(IDLE);
    while (true) {
      Optional<KadRequest> request = next(stream).map(asked -> believed(asked, stream));
      if (request.isEmpty()) {
        return;
      }
      Optional<KadResponse> response;
      slots.acquire();
      try {
        response = responder.respond(stream.remotePeer(), request.get(), clock.instant());
      } finally {
        slots.release();
      }
      if (response.isPresent()) {
        stream.output().write(KadCodec.encode(response.get()));
      }
    }
  }

  private KadRequest believed(KadRequest request, Stream stream) {
    Multiaddr teller = stream.connection().remoteAddress();
    return request instanceof KadRequest.AddProvider announced
        ? announced.believed(addresses -> host.believed(addresses, teller))
        : request;
  }

  /** Empty where the peer is done, or has been silent for too long, which is no fault. */
  private static Optional<KadRequest> next(Stream stream) throws IOException {
    try {
      return KadCodec.readRequest(stream.input());
    } catch (SocketTimeoutException idle) {
      return Optional.empty();
    }
  }
}
