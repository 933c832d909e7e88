package dev.kith.node.files.holder;

import java.io.IOException;
import org.apache.tuweni.bytes.Bytes32;

/** Tells the DHT what this device holds. */
public interface Announcer {
  void provide(Bytes32 group) throws IOException, InterruptedException;

  void withdraw(Bytes32 group) throws IOException, InterruptedException;
}
