/**
 * Hosts within one process, for tests and embedding: the same streams, back-pressure, resets and
 * refusals as over a wire, without sockets or encryption. Start at {@link
 * dev.kith.libp2p.memory.MemoryNetwork}.
 */
@NullMarked
package dev.kith.libp2p.memory;

import org.jspecify.annotations.NullMarked;
