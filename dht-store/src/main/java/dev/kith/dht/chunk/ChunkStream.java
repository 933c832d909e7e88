package dev.kith.dht.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Cuts a stream into chunks and hashes the whole of it on the way, in one pass. It holds one read
 * of 256 KiB; chunks are read into buffers of the caller's. One thread uses it.
 */
public final class ChunkStream {
  /** The longest single read; what a cut leaves over is never more. */
  static final int READ_BYTES = 256 << 10;

  /** What a buffer for {@link #next} must hold. */
  public static final int BUFFER_BYTES = Chunker.BYTES_MAX + READ_BYTES;

  private final InputStream in;
  private final Chunker chunker;
  private final MessageDigest whole = Sha256.create();
  private final byte[] rest = new byte[READ_BYTES];
  private int restLength;
  private long size;
  private boolean ended;

  public ChunkStream(InputStream in, Chunker chunker) {
    this.in = in;
    this.chunker = chunker;
  }

  /**
   * Reads the next chunk to the start of {@code buffer} and returns its length, or 0 at the end.
   *
   * @param buffer at least {@link #BUFFER_BYTES} long; what lies behind the chunk is undefined
   */
  public int next(byte[] buffer) throws IOException {
    if (buffer.length < BUFFER_BYTES) {
      throw new IllegalArgumentException("buffer: " + buffer.length + " bytes");
    }
    System.arraycopy(rest, 0, buffer, 0, restLength);
    int filled = restLength;
    restLength = 0;
    while (true) {
      int length = chunker.cut(buffer, 0, filled, ended);
      if (length != Chunker.MORE) {
        restLength = filled - length;
        System.arraycopy(buffer, length, rest, 0, restLength);
        return length;
      }
      int read = in.read(buffer, filled, READ_BYTES);
      if (read < 0) {
        ended = true;
      } else {
        whole.update(buffer, filled, read);
        filled += read;
        size += read;
      }
    }
  }

  /** Bytes read so far. */
  public long size() {
    return size;
  }

  /** SHA-256 of the stream; once, after {@link #next} returned 0. */
  public Bytes32 sha256() {
    if (!ended) {
      throw new IllegalStateException("the stream has not been read to its end");
    }
    return Bytes32.wrap(whole.digest());
  }
}
