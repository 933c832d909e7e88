package dev.kith.node.testing;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileEntry;
import dev.kith.node.files.FileService;
import dev.kith.node.files.FileStat;
import dev.kith.node.files.PutSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes32;

/** Files in memory, which can be told to fail in the middle. */
public final class MemoryFiles implements FileService {
  public final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  public final AtomicInteger openPuts = new AtomicInteger();
  public volatile Optional<NodeException> failure = Optional.empty();

  /** Bytes that a read delivers before {@link #failure}. */
  public volatile int failAfter = Integer.MAX_VALUE;

  @Override
  public PutSession put(PutOptions options) {
    openPuts.incrementAndGet();
    return new Put();
  }

  @Override
  public FileStat stat(String path) throws IOException {
    return new FileStat(entry(path), 1, List.of());
  }

  @Override
  public void list(String path, boolean recursive, EntryVisitor visitor)
      throws IOException, InterruptedException {
    for (String file : files.keySet()) {
      if (file.startsWith(path)) {
        visitor.visit(entry(file));
      }
    }
  }

  private FileEntry entry(String path) throws IOException {
    byte[] content = files.get(path);
    if (content == null) {
      throw new NodeException(Problem.NOT_FOUND, path + " does not exist");
    }
    return new FileEntry(path, false, content.length, Optional.of(Bytes32.ZERO), 1234, 1);
  }

  @Override
  public OpenFile open(String path) throws IOException {
    FileEntry entry = entry(path);
    byte[] content = files.get(path);
    return new OpenFile() {
      @Override
      public FileEntry entry() {
        return entry;
      }

      @Override
      public void transferTo(OutputStream out, long offset, long length) throws IOException {
        int whole = (int) Math.min(length, failAfter);
        out.write(content, (int) offset, whole);
        if (whole < length && failure.isPresent()) {
          throw failure.get();
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public int remove(String path, boolean recursive) throws IOException {
    entry(path);
    files.remove(path);
    return 1;
  }

  private final class Put implements PutSession {
    private final Map<String, byte[]> added = new TreeMap<>();
    private boolean open = true;

    @Override
    public FileSummary add(String path, InputStream content, long modifiedMillis)
        throws IOException {
      if (failure.isPresent()) {
        content.readNBytes(failAfter);
        throw failure.get();
      }
      byte[] bytes = content.readAllBytes();
      added.put(path, bytes);
      return new FileSummary(path, bytes.length, Bytes32.ZERO, 1);
    }

    @Override
    public long confirmedBytes() {
      return added.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    @Override
    public PutSummary commit() {
      files.putAll(added);
      return new PutSummary(added.size(), confirmedBytes(), confirmedBytes(), 1, 3, 7);
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        openPuts.decrementAndGet();
      }
    }
  }
}
