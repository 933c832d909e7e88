package dev.kith.libp2p.datastore;

class NativeLevelDbDatastoreTest extends LevelDbContractTest {
  NativeLevelDbDatastoreTest() {
    super(LevelDbDatastore.Engine.NATIVE);
  }
}
