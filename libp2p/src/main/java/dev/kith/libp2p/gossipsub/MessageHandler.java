package dev.kith.libp2p.gossipsub;

/**
 * Takes the messages of a subscription, one after another, on a virtual thread of its own; may
 * block. What it throws is logged, and the next message is taken.
 */
@FunctionalInterface
public interface MessageHandler {
  void handle(Message message) throws InterruptedException;
}
