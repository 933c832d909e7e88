package dev.kith.ledger.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real disk, with somebody who sees each write and force, and may refuse it or delay it. */
public final class WatchedDisk implements Disk {
  /** Called before a write or force; what it throws is what the disk says. */
  @FunctionalInterface
  public interface Watcher {
    void before(String operation, Path file) throws IOException;
  }

  private final Watcher watcher;
  private final List<Channel> channels = new CopyOnWriteArrayList<>();
  private final List<String> operations = new CopyOnWriteArrayList<>();

  public WatchedDisk(Watcher watcher) {
    this.watcher = watcher;
  }

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    Channel channel = new Channel(file, FileChannel.open(file, options));
    channels.add(channel);
    operations.add("open " + file.getFileName());
    return channel;
  }

  /** Files that were opened and not closed. */
  public List<Path> open() {
    return channels.stream().filter(Channel::isOpen).map(channel -> channel.file).toList();
  }

  /** Each "open", "write" or "force" and its file's name, in order. */
  public List<String> operations() {
    return List.copyOf(operations);
  }

  private final class Channel extends FileChannel {
    private final Path file;
    private final FileChannel real;

    Channel(Path file, FileChannel real) {
      this.file = file;
      this.real = real;
    }

    private void watch(String operation) throws IOException {
      watcher.before(operation, file);
      operations.add(operation + " " + file.getFileName());
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      watch("write");
      return real.write(from);
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
      watch("write");
      return real.write(from, at);
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
      watch("write");
      return real.write(from, offset, length);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      watch("force");
      real.force(metadata);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return real.read(into);
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      return real.read(into, at);
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return real.read(into, offset, length);
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public FileChannel position(long at) throws IOException {
      real.position(at);
      return this;
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      real.truncate(size);
      return this;
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel to) throws IOException {
      return real.transferTo(at, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long at, long count) throws IOException {
      return real.transferFrom(from, at, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
      return real.map(mode, at, size);
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) throws IOException {
      return real.lock(at, size, shared);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) throws IOException {
      return real.tryLock(at, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }
  }
}
