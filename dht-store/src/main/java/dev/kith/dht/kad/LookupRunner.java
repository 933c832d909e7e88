package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;

/**
 * Runs {@link Lookup} machines over real streams: the calling thread owns the machine, each request
 * has a virtual thread, and a queue brings the answers back. Thread-safe.
 */
final class LookupRunner {
  /** Lookups at once; further ones wait their turn. */
  static final int CONCURRENT_MAX = 64;

  private final PeerId self;
  private final KademliaConfig config;
  private final KadClient client;
  private final Contacts contacts;
  private final Clock clock;
  private final Semaphore slots = new Semaphore(CONCURRENT_MAX);

  LookupRunner(
      PeerId self, KademliaConfig config, KadClient client, Contacts contacts, Clock clock) {
    this.self = self;
    this.config = config;
    this.client = client;
    this.contacts = contacts;
    this.clock = clock;
  }

  /** Sees each answer as it arrives, on the calling thread; returns whether to go on. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(Contact from, KadResponse response);
  }

  private sealed interface Event {
    record Answered(Contact from, KadResponse response) implements Event {}

    record Failed(PeerId peer) implements Event {}
  }

  /**
   * Asks the peers nearest to {@code key} the same question until the lookup ends, the visitor has
   * enough, or the time is up; the last is no error.
   *
   * @return up to k peers nearest to the key that answered
   * @throws IOException when there is nobody to ask
   */
  List<Contact> run(Bytes key, KadRequest request, Duration timeout, Visitor visitor)
      throws IOException, InterruptedException {
    Instant end = clock.instant().plus(timeout);
    if (!slots.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      return List.of();
    }
    try (Run run = new Run(KeyHash.of(key), request)) {
      return run.until(end, visitor);
    } finally {
      slots.release();
    }
  }

  /** One lookup; closing it interrupts the requests that are still under way. */
  private final class Run implements AutoCloseable {
    private final KadRequest request;
    private final Lookup lookup;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    private Optional<Lookup.Finish> finish = Optional.empty();

    Run(KeyHash target, KadRequest request) throws IOException {
      List<Contact> seeds = contacts.closest(target, config.bucketSize());
      if (seeds.isEmpty()) {
        throw new IOException("no other peer of " + config.protocol() + " is known");
      }
      this.request = request;
      this.lookup = new Lookup(target, self, seeds, config.lookupLimits());
    }

    List<Contact> until(Instant end, Visitor visitor) throws InterruptedException {
      act(lookup.start(clock.instant()));
      while (finish.isEmpty()) {
        Instant now = clock.instant();
        Instant wake = lookup.wakeAt(now).filter(t -> t.isBefore(end)).orElse(end);
        Event event = events.poll(Duration.between(now, wake).toNanos() + 1, TimeUnit.NANOSECONDS);
        now = clock.instant();
        switch (event) {
          case Event.Answered(Contact from, KadResponse response) -> {
            boolean goOn = visitor.visit(from, response);
            act(goOn ? lookup.answered(from.id(), response.closer(), now) : lookup.stop());
          }
          case Event.Failed(PeerId peer) -> act(lookup.failed(peer, now));
          case null -> act(lookup.tick(now));
        }
        if (finish.isEmpty() && !now.isBefore(end)) {
          act(lookup.stop());
        }
      }
      return finish.get().closest();
    }

    private void act(List<Lookup.Decision> decisions) {
      for (Lookup.Decision decision : decisions) {
        switch (decision) {
          case Lookup.Ask(Contact peer) ->
              threads.add(
                  Thread.ofVirtual().name("kad-lookup-" + peer.id()).start(() -> ask(peer)));
          case Lookup.Finish done -> finish = Optional.of(done);
        }
      }
    }

    private void ask(Contact peer) {
      try {
        KadResponse response = client.request(peer, request, config.requestTimeout());
        contacts.answered(peer);
        events.add(new Event.Answered(peer, response));
      } catch (IOException e) {
        if (!over) { // else it was interrupted, which is not the peer's fault
          contacts.failed(peer.id(), e);
          events.add(new Event.Failed(peer.id()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // nobody waits for this answer any more
      }
    }

    @Override
    public void close() {
      over = true;
      threads.forEach(Thread::interrupt);
    }
  }
}
