package dev.kith.node.files;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.ledger.Ledger;
import dev.kith.libp2p.host.Host;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts and gets the owner's files, and holds groups for others: serves {@code
 * /kith/<realm8>/store/1} and {@code /kith/<realm8>/fetch/1} on the host. Thread-safe.
 */
public final class FileEngine implements FileService, AutoCloseable {
  private FileEngine() {}

  /**
   * Starts serving, and goes on with the puts that an earlier run of this peer did not finish.
   *
   * @param folder of this engine alone, such as {@code HOME/files}; made where it is absent
   * @param store this device's block store; stays the caller's to close, after the engine
   */
  public static FileEngine start(
      Path folder,
      Host host,
      Ledger ledger,
      ContentRouting routing,
      BlockStore store,
      OwnerSecrets secrets)
      throws IOException {
    return new FileEngine();
  }

  @Override
  public PutSession put(PutOptions options) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public FileStat stat(String path) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public List<FileEntry> list(String path, boolean recursive)
      throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public OpenFile open(String path) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  @Override
  public int remove(String path, boolean recursive) throws IOException, InterruptedException {
    throw new UnsupportedOperationException("under construction");
  }

  /** Copies the file to {@code out}; a convenience of {@link #open}. */
  public void copyTo(String path, OutputStream out) throws IOException, InterruptedException {
    try (OpenFile file = open(path)) {
      file.transferTo(out, 0, file.entry().size());
    }
  }

  /** Stops serving and ends what is under way; unfinished puts go on at the next start. */
  @Override
  public void close() {}
}
