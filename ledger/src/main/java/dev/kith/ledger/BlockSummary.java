package dev.kith.ledger;

import dev.kith.libp2p.identity.PeerId;
import org.apache.tuweni.bytes.Bytes32;

/** A final block, for people. */
public record BlockSummary(
    long height,
    long epoch,
    long view,
    Bytes32 digest,
    Bytes32 parent,
    long timeMillis,
    PeerId proposer,
    int records,
    Bytes32 stateRoot,
    int signers) {}
