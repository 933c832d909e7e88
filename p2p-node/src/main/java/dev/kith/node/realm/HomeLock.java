package dev.kith.node.realm;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two daemons out of one home. It is a lock of the operating system: it ends with the process
 * that holds it, however that ends, so that no stale file ever stands in the way.
 */
public final class HomeLock implements AutoCloseable {
  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws NodeException ALREADY_RUNNING when another process, or another peer of this one, has it
   */
  static HomeLock take(Path file, Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    boolean taken = false;
    try {
      taken = tryLock(channel) != null;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
    if (!taken) {
      throw new NodeException(
          Problem.ALREADY_RUNNING, "a daemon runs already in " + home + " (kith down ends it)");
    }
    return new HomeLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by another peer within this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
