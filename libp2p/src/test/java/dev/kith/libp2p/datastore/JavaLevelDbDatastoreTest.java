package dev.kith.libp2p.datastore;

class JavaLevelDbDatastoreTest extends LevelDbContractTest {
  JavaLevelDbDatastoreTest() {
    super(LevelDbDatastore.Engine.JAVA);
  }
}
