package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.libp2p.identity.PeerId;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * An owner lets a device act as one of the owner's.
 *
 * @param owner 33 bytes, the owner's compressed secp256k1 key
 * @param device who may act
 * @param keyEpoch rises when a device of the owner is revoked
 * @param wrappedRoot the owner's root key, encrypted to the device's key; at most 256 bytes
 * @param ownerSignature 64 bytes r‖s by the owner over all the above and the realm id
 */
public record DeviceGrant(
    Bytes owner, PeerId device, int keyEpoch, Bytes wrappedRoot, Bytes ownerSignature) {
  /** The longest {@code wrappedRoot}. */
  public static final int WRAPPED_BYTES_MAX = 256;

  private static final Bytes DOMAIN =
      Bytes.wrap("kith/grant/1".getBytes(StandardCharsets.US_ASCII));

  public DeviceGrant {
    LedgerKey.require("owner", owner);
    LedgerKey.of(device);
    Bounds.range("keyEpoch", keyEpoch, 0, Integer.MAX_VALUE);
    Bounds.atMost("wrappedRoot", wrappedRoot, WRAPPED_BYTES_MAX);
    Bounds.exactly("ownerSignature", ownerSignature, Bounds.SIGNATURE_BYTES);
  }

  /**
   * What the owner signs: domain ‖ realm id (32) ‖ owner (33) ‖ device (33) ‖ key epoch (4) ‖
   * wrapped root. A grant within a genesis is signed over a realm id of zeros, as the realm id is
   * the hash of the genesis.
   */
  public static Bytes message(
      Bytes32 realmId, Bytes owner, PeerId device, int keyEpoch, Bytes wrappedRoot) {
    return Bytes.concatenate(
        DOMAIN, realmId, owner, LedgerKey.of(device), Bytes.ofUnsignedInt(keyEpoch), wrappedRoot);
  }

  /** What the owner of this grant signed in this realm. */
  public Bytes message(Bytes32 realmId) {
    return message(realmId, owner, device, keyEpoch, wrappedRoot);
  }

  /** owner (33) ‖ device (33) ‖ key epoch u32 ‖ wrapped root (u16 length) ‖ signature (64). */
  public void write(Writer to) {
    to.fixed(owner);
    LedgerKey.write(to, device);
    to.u32(keyEpoch).bytes16(wrappedRoot).fixed(ownerSignature);
  }

  /** Reads what {@link #write} wrote. */
  public static DeviceGrant read(Reader from) throws DecodeException {
    return new DeviceGrant(
        from.fixed(LedgerKey.BYTES),
        LedgerKey.read(from),
        from.u32(),
        from.bytes16(WRAPPED_BYTES_MAX),
        from.fixed(Bounds.SIGNATURE_BYTES));
  }
}
