package dev.kith.node.daemon;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService;
import dev.kith.node.files.FileStat;
import dev.kith.node.files.PutSession;
import java.io.IOException;
import java.time.Duration;

/**
 * The files, for those who ask from outside: a peer that has just started waits a moment for what
 * became final while it was away, rather than answer from the past. Where the ledger is out of
 * reach it answers from what it has, and says so where that is nothing.
 */
final class CaughtUpFiles implements FileService {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final FileService files;
  private final Ready ready;
  private final long startedNanos = System.nanoTime();

  /** Whether the ledger's replica has caught up; waits up to so many nanoseconds for it. */
  @FunctionalInterface
  interface Ready {
    boolean await(long nanos) throws InterruptedException;
  }

  CaughtUpFiles(FileService files, Ready ready) {
    this.files = files;
    this.ready = ready;
  }

  @FunctionalInterface
  private interface Answer<T> {
    T get() throws IOException, InterruptedException;
  }

  private <T> T now(Answer<T> answer) throws IOException, InterruptedException {
    boolean caughtUp = ready.await(WAIT.toNanos() - (System.nanoTime() - startedNanos));
    try {
      return answer.get();
    } catch (NodeException e) {
      if (caughtUp || e.problem() != Problem.NOT_FOUND) {
        throw e;
      }
      throw new NodeException(
          Problem.NOT_FOUND,
          e.getMessage()
              + " (as far as this peer knows: since it started it has not reached the realm's"
              + " ledger)",
          e);
    }
  }

  @Override
  public PutSession put(PutOptions options) throws IOException, InterruptedException {
    return now(() -> files.put(options));
  }

  @Override
  public FileStat stat(String path) throws IOException, InterruptedException {
    return now(() -> files.stat(path));
  }

  @Override
  public void list(String path, boolean recursive, EntryVisitor visitor)
      throws IOException, InterruptedException {
    now(
        () -> {
          files.list(path, recursive, visitor);
          return true;
        });
  }

  @Override
  public OpenFile open(String path) throws IOException, InterruptedException {
    return now(() -> files.open(path));
  }

  @Override
  public int remove(String path, boolean recursive) throws IOException, InterruptedException {
    return now(() -> files.remove(path, recursive));
  }
}
