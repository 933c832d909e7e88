package dev.kith.libp2p.host;

import dev.kith.libp2p.ProtocolViolationException;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who serves which protocol, and on which thread. Thread-safe. */
final class StreamServer {
  private static final Logger LOG = LoggerFactory.getLogger(StreamServer.class);

  private final ConcurrentMap<String, StreamHandler> handlers = new ConcurrentHashMap<>();
  private final Executor threads;

  /**
   * @param threads gives each task a thread of its own, and refuses when the host closes
   */
  StreamServer(Executor threads) {
    this.threads = threads;
  }

  /** Whether nobody served it before. */
  boolean add(String protocol, StreamHandler handler) {
    return handlers.put(protocol, handler) == null;
  }

  /** Whether somebody served it. */
  boolean remove(String protocol) {
    return handlers.remove(protocol) != null;
  }

  boolean serves(String protocol) {
    return handlers.containsKey(protocol);
  }

  Set<String> protocols() {
    return new TreeSet<>(handlers.keySet());
  }

  /** On a thread of its own. */
  void serve(Stream stream) {
    serve(stream, handlers.get(stream.protocol()), () -> {});
  }

  /** On the caller's thread, which an event loop carries, where the handler allows it. */
  void serveOnLoop(Stream stream, Runnable done) {
    StreamHandler handler = handlers.get(stream.protocol());
    if (handler != null && handler.waitsOnlyForStream()) {
      run(stream, handler, done);
    } else {
      serve(stream, handler, done);
    }
  }

  private void serve(Stream stream, @Nullable StreamHandler handler, Runnable done) {
    try {
      if (handler != null) {
        threads.execute(() -> run(stream, handler, done));
        return;
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: a stream of {} is not served", stream.protocol());
    }
    stream.reset();
    done.run();
  }

  private static void run(Stream stream, StreamHandler handler, Runnable done) {
    try {
      run(stream, handler);
    } finally {
      done.run();
    }
  }

  private static void run(Stream stream, StreamHandler handler) {
    try {
      handler.handle(stream);
      stream.close();
      return;
    } catch (ProtocolViolationException e) {
      LOG.info("{} broke {}: {}", stream.remotePeer(), stream.protocol(), e.getMessage());
    } catch (IOException e) {
      LOG.debug("{} of {} failed: {}", stream.protocol(), stream.remotePeer(), e.toString());
    } catch (InterruptedException e) {
      LOG.debug("{} of {} ended by close", stream.protocol(), stream.remotePeer());
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the handler of {} failed", stream.protocol(), e);
    }
    stream.reset();
  }
}
