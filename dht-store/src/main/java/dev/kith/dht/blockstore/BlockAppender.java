package dev.kith.dht.blockstore;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Appends to a file in whole aligned blocks, past the page cache where the file system allows
 * (O_DIRECT): a sync then waits for this file only and takes about a millisecond, where buffered
 * writes take tens and slow down the whole machine. Not thread-safe.
 */
final class BlockAppender implements Closeable {
  private static final Optional<OpenOption> DIRECT = direct();

  private final FileChannel channel;
  private final FileChannel reader;
  private final ByteBuffer buffer;
  private long bufferAt;

  /**
   * @param position where to go on, a multiple of a block
   * @param buffer aligned to a block, a multiple of a block long; used until this is closed
   */
  BlockAppender(Path file, long position, ByteBuffer buffer) throws IOException {
    this.channel = openForWriting(file);
    try {
      this.reader = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    this.buffer = buffer.clear();
    this.bufferAt = position;
  }

  /** Where the next byte goes. */
  long position() {
    return bufferAt + buffer.position();
  }

  void write(byte[] source, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, buffer.remaining());
      buffer.put(source, offset + done, part);
      done += part;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  /** Fills up the last block with zeros and makes everything durable. */
  void padAndSync() throws IOException {
    int padding = (int) (SegmentFormat.align(position()) - position());
    write(new byte[padding], 0, padding);
    flush();
    channel.force(false);
  }

  /**
   * Copies what of a range is still in the buffer, and returns the length of what lies before it:
   * that is in the file, for {@link #readFlushed}.
   */
  int readBuffered(long position, byte[] target, int offset, int length) {
    int flushed = Math.clamp(bufferAt - position, 0, length);
    if (flushed < length) {
      int from = (int) (position + flushed - bufferAt);
      buffer.get(from, target, offset + flushed, length - flushed);
    }
    return flushed;
  }

  /** Reads what has left the buffer. Any thread may call it, also while another one writes. */
  void readFlushed(long position, byte[] target, int offset, int length) throws IOException {
    readFully(reader, position, target, offset, length);
  }

  /** Drops everything from {@code position} on. */
  void cut(long position) throws IOException {
    buffer.clear();
    bufferAt = position;
    channel.truncate(position);
  }

  /** Ends writing, after everything was flushed; the buffer is free. Reading goes on. */
  void endWriting() throws IOException {
    channel.close();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      reader.close();
    }
  }

  static void readFully(FileChannel in, long position, byte[] target, int offset, int length)
      throws IOException {
    ByteBuffer view = ByteBuffer.wrap(target, offset, length);
    while (view.hasRemaining()) {
      // Heap buffers are copied through a temporary direct one as long as the read: keep it small.
      int end = view.limit();
      view.limit(Math.min(end, view.position() + (256 << 10)));
      int read = in.read(view, position + view.position() - offset);
      view.limit(end);
      if (read < 0) {
        throw new EOFException("the file ends before " + (position + length));
      }
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      bufferAt += channel.write(buffer, bufferAt);
    }
    buffer.clear();
  }

  private static FileChannel openForWriting(Path file) throws IOException {
    if (DIRECT.isPresent()) {
      try {
        return FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, DIRECT.get());
      } catch (IOException | UnsupportedOperationException e) {
        // tmpfs and some network file systems refuse O_DIRECT: buffered writes do the same, slower.
        if (e instanceof IOException && !java.nio.file.Files.exists(file.getParent())) {
          throw e;
        }
      }
    }
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /**
   * The JDK's option for O_DIRECT, found by name: it belongs to the module jdk.unsupported, which a
   * runtime image may lack.
   */
  private static Optional<OpenOption> direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption open && option.toString().equals("DIRECT")) {
          return Optional.of(open);
        }
      }
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
