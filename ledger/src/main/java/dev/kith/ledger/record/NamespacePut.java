package dev.kith.ledger.record;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The owner's files changed: the new root of the owner's tree of names. Compare-and-set on version
 * (0 = none yet). Commits the groups of {@code putId}.
 *
 * @param owner 33 bytes
 * @param version from 1
 * @param root hash of the encrypted root object
 * @param rootReference where the root object lies and its key, encrypted for the owner's devices;
 *     at most 512 bytes
 * @param putId 16 bytes
 */
public record NamespacePut(
    Bytes owner, long version, Bytes32 root, Bytes rootReference, Bytes putId) implements Fact {}
