package dev.kith.ledger.tree;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What becomes of one key.
 *
 * @param key of the state, not hashed
 * @param value empty where the key is deleted
 */
public record Change(Bytes key, Optional<Bytes> value) {}
