package dev.kith.node.jobs.attempt;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.compute.PartExecutor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** Tries parts on peers, and lets other members try theirs here. Thread-safe. */
public final class Attempts implements AutoCloseable {
  private final Host host;
  private final String protocol;
  private final LocalAttempts local;
  private final AttemptClient remote;

  private Attempts(Host host, String protocol, LocalAttempts local, AttemptClient remote) {
    this.host = host;
    this.protocol = protocol;
    this.local = local;
    this.remote = remote;
  }

  /**
   * Serves attempts from now on.
   *
   * @param protocol such as {@code /kith/1f2e3d4c5b6a7988/work/1}
   * @param scratch for answers under way
   * @param serves who may ask
   */
  public static Attempts start(
      Host host, String protocol, PartExecutor executor, Path scratch, Predicate<PeerId> serves) {
    PartRunner runner = new PartRunner(executor, host.key(), scratch);
    host.serve(protocol, new AttemptServer(runner, serves));
    return new Attempts(
        host,
        protocol,
        new LocalAttempts(runner),
        new AttemptClient(host, protocol, scratch, executor.limits().answerBytes()));
  }

  /**
   * One attempt. Blocks; an interrupt cancels it.
   *
   * @param heard called whenever the peer says something
   * @throws SpoolFailedException when this device's disk failed
   */
  public AttemptResult run(PeerId peer, AttemptRequest request, AttemptInput input, Runnable heard)
      throws SpoolFailedException, InterruptedException {
    try {
      return peer.equals(host.id())
          ? local.run(request, input)
          : remote.run(peer, request, input, heard);
    } catch (SpoolFailedException e) {
      throw e;
    } catch (SocketTimeoutException e) {
      return new AttemptResult.Lost("no answer in time");
    } catch (InterruptedIOException e) {
      throw (InterruptedException) new InterruptedException("cancelled").initCause(e);
    } catch (IOException e) {
      return new AttemptResult.Lost(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    host.stopServing(protocol);
  }
}
