package dev.kith.node.files.names;

import java.io.IOException;

/** Loads and saves folder objects. */
public interface FolderStore {
  Folder load(Node.FolderNode node) throws IOException, InterruptedException;

  /** Stores a folder as a new object. */
  Node.FolderNode save(Folder folder, long modifiedMillis) throws IOException, InterruptedException;
}
