package dev.kith.node.files;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.download.ContentReader;
import dev.kith.node.files.names.Node.FileNode;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.tuweni.bytes.Bytes32;

/** A file at one version. Its groups are pinned, so that this device does not declare them dead. */
final class MeshFile implements FileService.OpenFile {
  private final FileEntry entry;
  private final FileNode file;
  private final ContentReader reader;
  private final Pins pins;

  MeshFile(FileEntry entry, FileNode file, ContentReader reader, Pins pins) {
    this.entry = entry;
    this.file = file;
    this.reader = reader;
    this.pins = pins;
    pins.file(this, file.groups());
  }

  @Override
  public FileEntry entry() {
    return entry;
  }

  @Override
  public void transferTo(OutputStream out, long offset, long length)
      throws IOException, InterruptedException {
    long size = file.content().size();
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new NodeException(
          Problem.BAD_REQUEST, entry.path() + ": bytes " + offset + " + " + length + " of " + size);
    }
    Bytes32 sha256 = reader.transfer(file.content(), offset, length, out);
    if (length == size && !sha256.equals(file.sha256())) {
      throw new NodeException(
          Problem.DATA_CORRUPT,
          entry.path() + ": the whole has another SHA-256 than when it was put");
    }
  }

  @Override
  public void close() {
    pins.release(this);
  }
}
