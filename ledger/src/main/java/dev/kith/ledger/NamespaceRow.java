package dev.kith.ledger;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** The newest root of an owner's names. */
public record NamespaceRow(Bytes owner, long version, Bytes32 root, Bytes rootReference) {}
