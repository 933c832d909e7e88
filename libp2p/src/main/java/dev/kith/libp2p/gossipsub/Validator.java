package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.router.Verdict;

/**
 * Tells which messages of a topic are valid. Called on virtual threads, several at once; may block.
 * Meanwhile the message waits, and nothing else does. What it throws counts as {@link
 * Verdict#IGNORE}.
 */
@FunctionalInterface
public interface Validator {
  Verdict validate(Message message) throws InterruptedException;
}
