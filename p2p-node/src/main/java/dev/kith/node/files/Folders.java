package dev.kith.node.files;

import dev.kith.dht.chunk.Chunker;
import dev.kith.node.files.content.Content;
import dev.kith.node.files.download.ContentReader;
import dev.kith.node.files.names.Folder;
import dev.kith.node.files.names.FolderStore;
import dev.kith.node.files.names.Node;
import dev.kith.node.files.names.Node.FolderNode;
import dev.kith.node.files.upload.ChunkUploader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Folder objects, loaded from the mesh and kept in memory while they are used. An object never
 * changes, so what is kept is never stale. Thread-safe.
 */
final class Folders {
  /** Encoded bytes of the folders that are kept; decoded they take about four times as much. */
  static final long CACHE_BYTES_MAX = 6L << 20;

  private final ContentReader reader;
  private final Chunker chunker;
  private final LinkedHashMap<Content, Folder> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cachedBytes;

  Folders(ContentReader reader, Chunker chunker) {
    this.reader = reader;
    this.chunker = chunker;
  }

  Folder load(FolderNode node) throws IOException, InterruptedException {
    Optional<Folder> cached = cached(node.content());
    if (cached.isPresent()) {
      return cached.get();
    }
    if (node.content().size() > Folder.BYTES_MAX) {
      throw new IOException("a folder object of " + node.content().size() + " bytes");
    }
    Folder folder = Folder.decode(reader.read(node.content()));
    keep(node.content(), folder);
    return folder;
  }

  /** Loads from the mesh; saves nothing. */
  FolderStore readOnly() {
    return new FolderStore() {
      @Override
      public Folder load(FolderNode node) throws IOException, InterruptedException {
        return Folders.this.load(node);
      }

      @Override
      public FolderNode save(Folder folder, long modifiedMillis) {
        throw new IllegalStateException("read-only");
      }
    };
  }

  /** Loads from the mesh, and saves to groups of a put. */
  FolderStore savingTo(ChunkUploader uploader) {
    return new FolderStore() {
      @Override
      public Folder load(FolderNode node) throws IOException, InterruptedException {
        return Folders.this.load(node);
      }

      @Override
      public FolderNode save(Folder folder, long modifiedMillis)
          throws IOException, InterruptedException {
        ChunkUploader.Uploaded object = uploader.upload(folder.encode(), chunker.fresh());
        keep(object.content(), folder);
        return new Node.FolderNode(object.content(), object.groups(), modifiedMillis);
      }
    };
  }

  private synchronized Optional<Folder> cached(Content content) {
    return Optional.ofNullable(cache.get(content));
  }

  private synchronized void keep(Content content, Folder folder) {
    if (content.size() > CACHE_BYTES_MAX || cache.putIfAbsent(content, folder) != null) {
      return;
    }
    cachedBytes += content.size();
    var eldest = cache.entrySet().iterator();
    while (cachedBytes > CACHE_BYTES_MAX) {
      Map.Entry<Content, Folder> gone = eldest.next();
      cachedBytes -= gone.getKey().size();
      eldest.remove();
    }
  }
}
