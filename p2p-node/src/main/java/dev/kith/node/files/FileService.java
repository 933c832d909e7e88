package dev.kith.node.files;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * The owner's files in the mesh. Thread-safe; every method blocks. Paths are absolute, {@code /}
 * separates, no empty, {@code .} or {@code ..} segment, at most 4,096 bytes of UTF-8 in all and 255
 * a segment. Paths below {@code /.kith/} are Kith's own (jobs) and are left out of lists of {@code
 * /}.
 *
 * <p>All methods throw {@link dev.kith.node.NodeException} for what the world or the caller did.
 */
public interface FileService {
  /** Starts a put of one or more files, which become visible together when it is committed. */
  PutSession put(PutOptions options) throws IOException, InterruptedException;

  /** What a path names. */
  FileStat stat(String path) throws IOException, InterruptedException;

  /**
   * Tells of the entries of a folder in name order, or of the entry itself where the path names a
   * file. Below a folder there may be more entries than fit into memory.
   */
  void list(String path, boolean recursive, EntryVisitor visitor)
      throws IOException, InterruptedException;

  /** Told of entries, one after another. */
  @FunctionalInterface
  interface EntryVisitor {
    void visit(FileEntry entry) throws IOException, InterruptedException;
  }

  /**
   * Opens a file for reading; nothing is fetched yet. What is read was checked against the chunks'
   * hashes; the end was checked against the file's.
   */
  OpenFile open(String path) throws IOException, InterruptedException;

  /** Removes a file, or a folder with all in it when {@code recursive}. */
  int remove(String path, boolean recursive) throws IOException, InterruptedException;

  /** A file at one version, which stays readable while it is open. */
  interface OpenFile extends AutoCloseable {
    FileEntry entry();

    /**
     * Writes bytes [offset, offset + length) to {@code out} in order. A whole read also compares
     * the file's SHA-256.
     */
    void transferTo(OutputStream out, long offset, long length)
        throws IOException, InterruptedException;

    @Override
    void close();
  }

  /**
   * @param copies copies wanted of every group, 1 to 16
   * @param finalTimeout how long {@link PutSession#commit} waits for the ledger
   */
  record PutOptions(int copies, Duration finalTimeout) {
    public static final PutOptions DEFAULT = new PutOptions(3, Duration.ofSeconds(60));
  }
}
