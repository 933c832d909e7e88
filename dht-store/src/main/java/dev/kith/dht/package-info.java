/** Kademlia, and the chunk store that is built on it: chunks, block store, placement, transfer. */
@NullMarked
package dev.kith.dht;

import org.jspecify.annotations.NullMarked;
