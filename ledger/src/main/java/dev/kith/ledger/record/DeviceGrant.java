package dev.kith.ledger.record;

import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;

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
    Bytes owner, PeerId device, int keyEpoch, Bytes wrappedRoot, Bytes ownerSignature) {}
