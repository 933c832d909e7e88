package dev.kith.ledger.state;

import dev.kith.ledger.tree.TreeProof;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What stood under a key after some block, and the proof under the root of that state.
 *
 * @param value empty where nothing did
 */
public record Proven(Applied at, Bytes key, Optional<Bytes> value, TreeProof proof) {}
