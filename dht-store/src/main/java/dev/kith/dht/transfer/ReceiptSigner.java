package dev.kith.dht.transfer;

import dev.kith.dht.blockstore.StoredGroup;
import org.apache.tuweni.bytes.Bytes;

/** Signs, as this device, that a group lies fsynced on its disk. What is signed is the ledger's. */
@FunctionalInterface
public interface ReceiptSigner {
  /** 64 bytes: r ‖ s. */
  Bytes sign(StoredGroup group);
}
