package dev.kith.ledger.record;

import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A fact with its author's signature.
 *
 * @param author the member that says so
 * @param sequence unique for the author; replay protection
 * @param expiryHeight refused in blocks above this height
 * @param signature 64 bytes r‖s
 * @param id SHA-256 of the encoded record without its signature
 */
public record SignedRecord(
    PeerId author, long sequence, long expiryHeight, Fact fact, Bytes signature, Bytes32 id) {}
