package dev.kith.node.files.download;

import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One chunk from the first of several holders that gives it. A holder that takes much longer than
 * it usually does is raced by the next; one that fails is replaced at once. One thread uses it.
 */
final class HedgedFetch {
  private static final Logger LOG = LoggerFactory.getLogger(HedgedFetch.class);
  private static final Duration PATIENCE_MIN = Duration.ofMillis(150);
  private static final int PATIENCE_FACTOR = 4;

  private final ChunkFetcher fetcher;
  private final Mesh mesh;
  private final ChunkFetcher.Wanted wanted;
  private final Map<PeerId, String> failures = new LinkedHashMap<>();
  private boolean sawDamage;

  /** How an attempt ended. */
  private sealed interface Result {
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Got(byte[] data) implements Result {}

    record Failed(PeerId holder, IOException cause) implements Result {}
  }

  /** The attempts of one race, and whether it is decided. Its monitor guards the flag. */
  private static final class Race {
    private final LinkedBlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean over;

    /** Takes a result, unless nobody waits any more. */
    synchronized boolean offer(Result result) {
      return !over && results.add(result);
    }

    synchronized void end() {
      over = true;
    }
  }

  HedgedFetch(ChunkFetcher fetcher, Mesh mesh, ChunkFetcher.Wanted wanted) {
    this.fetcher = fetcher;
    this.mesh = mesh;
    this.wanted = wanted;
  }

  /** What the attempts so far failed of, for people. */
  String failures() {
    return failures.entrySet().stream()
        .map(failure -> failure.getKey() + ": " + failure.getValue())
        .collect(Collectors.joining("; "));
  }

  int holdersTried() {
    return failures.size();
  }

  boolean sawDamage() {
    return sawDamage;
  }

  /** The chunk, or empty when none of these holders could give it. */
  Optional<byte[]> from(List<PeerId> holders) throws InterruptedException {
    if (holders.isEmpty()) {
      return Optional.empty();
    }
    Race race = new Race();
    Iterator<PeerId> next = holders.iterator();
    try {
      Duration patience = start(race, next.next());
      int running = 1;
      while (true) {
        Result result =
            next.hasNext()
                ? race.results.poll(patience.toNanos(), TimeUnit.NANOSECONDS)
                : race.results.take();
        if (result instanceof Result.Got got) {
          return Optional.of(got.data());
        }
        if (result instanceof Result.Failed failed) {
          running--;
          note(failed);
        }
        if (next.hasNext()) {
          patience = start(race, next.next());
          running++;
        } else if (running == 0) {
          return Optional.empty();
        }
      }
    } finally {
      race.end();
      for (Result late : race.results) {
        if (late instanceof Result.Got got) {
          mesh.buffers().give(got.data());
        }
      }
      race.threads.forEach(Thread::interrupt);
    }
  }

  /** Starts an attempt; returns how long to wait before the next one is started beside it. */
  private Duration start(Race race, PeerId holder) {
    Duration patience =
        mesh.health()
            .usual(holder)
            .map(usual -> usual.multipliedBy(PATIENCE_FACTOR))
            .filter(p -> p.compareTo(PATIENCE_MIN) > 0)
            .orElse(PATIENCE_MIN);
    mesh.health().began(holder);
    race.threads.add(Thread.ofVirtual().name("fetch").start(() -> attempt(race, holder)));
    return patience;
  }

  private void attempt(Race race, PeerId holder) {
    long start = System.nanoTime();
    try {
      byte[] data = fetcher.fetchFrom(holder, wanted);
      mesh.health().answered(holder, Duration.ofNanos(System.nanoTime() - start));
      if (!race.offer(new Result.Got(data))) {
        mesh.buffers().give(data);
      }
    } catch (InterruptedException e) {
      mesh.health().dropped(holder);
    } catch (DamagedChunkException e) {
      mesh.health().failed(holder);
      mesh.health().lied(holder);
      race.offer(new Result.Failed(holder, e));
    } catch (IOException e) {
      if (Thread.interrupted()) {
        mesh.health().dropped(holder);
      } else {
        mesh.health().failed(holder);
      }
      race.offer(new Result.Failed(holder, e));
    } catch (RuntimeException e) {
      // An attempt that ended without a word would be waited for for ever.
      LOG.error("the fetching of {} from {} failed", wanted.chunk(), holder, e);
      mesh.health().dropped(holder);
      race.offer(new Result.Failed(holder, new IOException(e)));
    }
  }

  private void note(Result.Failed failed) {
    sawDamage |= failed.cause() instanceof DamagedChunkException;
    failures.put(failed.holder(), String.valueOf(failed.cause().getMessage()));
  }
}
