package dev.kith.node.jobs;

import dev.kith.ledger.codec.Writer;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.tuweni.bytes.Bytes;

/**
 * An append-only file of entries: length (4 bytes), CRC-32 (4 bytes), body. A kill leaves at most a
 * torn last entry, which is cut off when the file is opened. Not thread-safe.
 */
final class JournalFile implements Closeable {
  private static final int BODY_BYTES_MAX = 64 << 10;

  private final FileOutputStream out;

  private JournalFile(FileOutputStream out) {
    this.out = out;
  }

  /** Hands over the entries that are there, in order, and opens the file for more. */
  static JournalFile open(Path file, Consumer<Bytes> entries) throws IOException {
    if (Files.exists(file)) {
      long whole = read(file, entries);
      try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
        access.setLength(whole);
      }
    }
    return new JournalFile(new FileOutputStream(file.toFile(), true));
  }

  private static long read(Path file, Consumer<Bytes> entries) throws IOException {
    long whole = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        int length = in.readInt();
        int crc = in.readInt();
        if (length < 0 || length > BODY_BYTES_MAX) {
          return whole;
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length || crc != crc(body)) {
          return whole;
        }
        entries.accept(Bytes.wrap(body));
        whole += 8 + length;
      }
    } catch (EOFException e) {
      return whole;
    }
  }

  void append(Writer entry) throws IOException {
    byte[] body = entry.toArray();
    if (body.length > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("entry: " + body.length + " bytes");
    }
    Bytes crc = Bytes.ofUnsignedInt(crc(body) & 0xffff_ffffL);
    // One write, so that a kill tears at most this entry.
    out.write(new Writer(8 + body.length).u32(body.length).fixed(crc).raw(body).toArray());
  }

  /** Survives a power cut from here on. */
  void sync() throws IOException {
    out.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static int crc(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return (int) crc.getValue();
  }
}
