package dev.kith.node.jobs.attempt;

import dev.kith.ledger.codec.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way: a short one in memory, a longer one in a temporary file, which goes when
 * the spool is closed. One thread uses it at a time.
 */
public final class AnswerSpool extends OutputStream {
  /** Answers up to this length stay in memory. Hundreds may be under way at once. */
  static final int MEMORY_BYTES_MAX = 32 << 10;

  private final Path folder;
  private final long bytesMax;
  private final MessageDigest digest = Hash.digest();
  private ByteArrayOutputStream memory = new ByteArrayOutputStream(1024);
  private @Nullable Path file;
  private @Nullable OutputStream fileOut;
  private long bytes;
  private @Nullable Bytes32 hash;

  /**
   * @param folder for the temporary file
   * @param bytesMax more is refused with an IOException
   */
  public AnswerSpool(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (hash != null) {
      throw new IllegalStateException("the answer is complete");
    }
    if (bytes + length > bytesMax) {
      throw new IOException("an answer of more than " + bytesMax + " bytes");
    }
    digest.update(source, offset, length);
    bytes += length;
    try {
      if (fileOut == null && bytes > MEMORY_BYTES_MAX) {
        file = Files.createTempFile(folder, "answer", ".tmp");
        fileOut = Files.newOutputStream(file);
        memory.writeTo(fileOut);
        memory = new ByteArrayOutputStream(0);
      }
      (fileOut == null ? memory : fileOut).write(source, offset, length);
    } catch (IOException e) {
      throw new SpoolFailedException(e);
    }
  }

  /** The answer is complete; returns its SHA-256. */
  Bytes32 complete() throws IOException {
    if (hash == null) {
      if (fileOut != null) {
        fileOut.close();
      }
      hash = Bytes32.wrap(digest.digest());
    }
    return hash;
  }

  public long bytes() {
    return bytes;
  }

  /** Copies the complete answer. */
  public void transferTo(OutputStream out) throws IOException {
    if (file == null) {
      memory.writeTo(out);
    } else {
      Files.copy(file, out);
    }
  }

  /** Forgets the answer. May be called twice. */
  @Override
  public void close() throws IOException {
    if (fileOut != null) {
      fileOut.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
