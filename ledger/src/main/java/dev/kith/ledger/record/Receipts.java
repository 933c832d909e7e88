package dev.kith.ledger.record;

import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What a holder signs when a group lies fsynced on its disk. */
public final class Receipts {
  private static final Bytes DOMAIN =
      Bytes.wrap("kith/receipt/1".getBytes(StandardCharsets.US_ASCII));

  private Receipts() {}

  /** domain ‖ realm id (32) ‖ group (32) ‖ root (32) ‖ stored bytes (8) ‖ chunks (4). */
  public static Bytes message(
      Bytes32 realmId, Bytes32 group, Bytes32 root, long storedBytes, int chunks) {
    return Bytes.concatenate(
        DOMAIN,
        realmId,
        group,
        root,
        Bytes.ofUnsignedLong(storedBytes),
        Bytes.ofUnsignedInt(chunks));
  }
}
