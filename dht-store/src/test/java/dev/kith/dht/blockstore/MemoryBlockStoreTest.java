package dev.kith.dht.blockstore;

import java.time.InstantSource;

class MemoryBlockStoreTest extends BlockStoreContract {
  @Override
  BlockStore open() {
    return new MemoryBlockStore(QUOTA, InstantSource.system());
  }
}
