package dev.kith.libp2p.datastore;

import java.io.File;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBException;
import org.iq80.leveldb.DBFactory;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.iq80.leveldb.impl.Iq80DBFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A datastore in a folder, kept by LevelDB: the native library, or its twin in Java (2-5 times
 * slower) on machines that the library was not built for. Both read the other's files.
 *
 * <p>Values are stored as they are: what Kith keeps is encrypted or small. A lock file keeps a
 * second process out.
 *
 * <p>LevelDB writes to mapped files, and on a full disk such a write is no error but ends the
 * process. So writing fails with "No space left on device" where the disk has less than 64 MiB
 * left, which is more than one write and the compaction that it may cause need. Opening, and
 * batches that only delete, by which room is made, need 16 MiB.
 */
public final class LevelDbDatastore implements Datastore {
  private static final Logger LOG = LoggerFactory.getLogger(LevelDbDatastore.class);

  private static final int WRITE_BUFFER_BYTES = 4 << 20;
  private static final int CACHE_BYTES = 8 << 20;
  private static final int OPEN_FILES_MAX = 200;

  private static final long ROOM_BYTES = 64L << 20;
  private static final long LEAST_ROOM_BYTES = 16L << 20;

  /** The native library crashes the process when a closed database is used: so nobody may. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final DB db;
  private final Room room;
  private boolean closed;

  private LevelDbDatastore(DB db, Room room) {
    this.db = db;
    this.room = room;
  }

  /**
   * What the disk has left.
   *
   * @param usableBytes asked before each write
   */
  record Room(Path folder, LongSupplier usableBytes) {
    void check(long needed) throws FileSystemException {
      if (usableBytes.getAsLong() < needed) {
        throw new FileSystemException(folder.toString(), null, "No space left on device");
      }
    }
  }

  /** Which of the two implementations keeps the files. */
  public enum Engine {
    NATIVE,
    JAVA;

    /** NATIVE where its library loads, else JAVA. */
    public static Engine fastest() {
      return Native.LOADS ? NATIVE : JAVA;
    }

    private DBFactory factory() {
      return this == NATIVE ? JniDBFactory.factory : Iq80DBFactory.factory;
    }
  }

  /** Whether the library loads is found out once. */
  private static final class Native {
    static final boolean LOADS = loads();

    private static boolean loads() {
      try {
        // Pushing and popping a memory pool is the smallest call that needs the library.
        JniDBFactory.pushMemoryPool(1);
        JniDBFactory.popMemoryPool();
        return true;
      } catch (LinkageError e) {
        LOG.info("no native LevelDB here, the Java one is used: {}", e.toString());
        return false;
      }
    }
  }

  /** Opens the store in {@code folder}, which is made if absent, with the fastest engine. */
  public static LevelDbDatastore open(Path folder) throws IOException {
    return open(folder, Engine.fastest());
  }

  /** As {@link #open(Path)}, with the engine that the caller wants. */
  public static LevelDbDatastore open(Path folder, Engine engine) throws IOException {
    return open(folder, engine, () -> usableBytes(folder.toFile()));
  }

  /** Some file systems do not tell. */
  private static long usableBytes(File folder) {
    long usable = folder.getUsableSpace();
    return usable == 0 && folder.getTotalSpace() == 0 ? Long.MAX_VALUE : usable;
  }

  /**
   * @param usableBytes what the folder's disk has left
   */
  static LevelDbDatastore open(Path folder, Engine engine, LongSupplier usableBytes)
      throws IOException {
    Files.createDirectories(folder);
    Room room = new Room(folder, usableBytes);
    room.check(LEAST_ROOM_BYTES);
    Options options =
        new Options()
            .createIfMissing(true)
            .compressionType(CompressionType.NONE)
            .writeBufferSize(WRITE_BUFFER_BYTES)
            .cacheSize(CACHE_BYTES)
            .maxOpenFiles(OPEN_FILES_MAX)
            .paranoidChecks(true)
            .verifyChecksums(true);
    try {
      return new LevelDbDatastore(engine.factory().open(folder.toFile(), options), room);
    } catch (DBException | IllegalArgumentException e) {
      throw new IOException("datastore in " + folder + ": " + e.getMessage(), e);
    } catch (OverlappingFileLockException e) {
      throw new IOException("datastore in " + folder + ": open already in this process", e);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) throws IOException {
    lock.readLock().lock();
    try {
      checkOpen();
      return db.get(key, new ReadOptions().verifyChecksums(true));
    } catch (DBException e) {
      throw new IOException("datastore: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void write(Batch batch, boolean durable) throws IOException {
    lock.readLock().lock();
    try {
      checkOpen();
      boolean makesRoom = batch.changes().stream().allMatch(change -> change.value() == null);
      room.check(makesRoom ? LEAST_ROOM_BYTES : ROOM_BYTES);
      try (WriteBatch changes = db.createWriteBatch()) {
        for (Change change : batch.changes()) {
          byte[] value = change.value();
          if (value == null) {
            changes.delete(change.key());
          } else {
            changes.put(change.key(), value);
          }
        }
        db.write(changes, new WriteOptions().sync(durable));
      }
    } catch (DBException e) {
      throw new IOException("datastore: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void scan(byte[] prefix, Visitor visitor) throws IOException {
    lock.readLock().lock();
    try {
      checkOpen();
      // An iterator sees the moment at which it was made.
      try (DBIterator iterator = db.iterator(new ReadOptions().verifyChecksums(true))) {
        iterator.seek(prefix);
        while (iterator.hasNext()) {
          Map.Entry<byte[], byte[]> entry = iterator.next();
          if (!Prefix.of(prefix, entry.getKey())
              || !visitor.visit(entry.getKey(), entry.getValue())) {
            return;
          }
        }
      }
    } catch (DBException e) {
      throw new IOException("datastore: " + e.getMessage(), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the datastore is closed");
    }
  }

  /** Waits for reads and writes under way. A visitor must not close the store that it walks. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        db.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
