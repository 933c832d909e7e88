package dev.kith.libp2p.datastore;

import java.nio.file.Path;

class MemoryDatastoreTest extends DatastoreContractTest {
  @Override
  Datastore open(Path folder) {
    return new MemoryDatastore();
  }
}
