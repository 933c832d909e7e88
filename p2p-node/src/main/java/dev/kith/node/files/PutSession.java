package dev.kith.node.files;

import java.io.IOException;
import java.io.InputStream;
import org.apache.tuweni.bytes.Bytes32;

/** A put under way. One thread uses it. Closing it before it is committed abandons it. */
public interface PutSession extends AutoCloseable {
  /**
   * Reads a file to its end, and cuts, encrypts and sends it. When it returns the bytes are under
   * way, not yet confirmed.
   *
   * @param modifiedMillis of the file, milliseconds since 1970
   */
  FileSummary add(String path, InputStream content, long modifiedMillis)
      throws IOException, InterruptedException;

  /** Bytes of content that are fsynced on all copies that this put will get so far. */
  long confirmedBytes();

  /**
   * Blocks until every group is fsynced on its holders and the new names stand in a final block.
   *
   * @throws dev.kith.node.NodeException its message says whether the put is stored and goes on by
   *     itself, as it does with LEDGER_STALLED, or is over
   */
  PutSummary commit() throws IOException, InterruptedException;

  @Override
  void close();

  /** What was read of one file. */
  record FileSummary(String path, long size, Bytes32 sha256, int chunks) {}

  /**
   * @param copiesLeast the fewest holders that any group of this put has now; below the wanted
   *     number the caller should be told
   */
  record PutSummary(
      int files, long bytes, long storedBytes, int groups, int copiesLeast, long height) {}
}
