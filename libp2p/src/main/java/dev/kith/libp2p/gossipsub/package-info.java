/**
 * Gossipsub: publish and subscribe among many peers (libp2p/specs gossipsub 1.0, 1.1 and 1.2).
 *
 * <p>Start at {@link dev.kith.libp2p.gossipsub.Gossipsub}. Below it are {@code wire}, what peers
 * send each other; {@code score}, what they think of each other; and {@code router}, a machine
 * without input and output that decides.
 */
@NullMarked
package dev.kith.libp2p.gossipsub;

import org.jspecify.annotations.NullMarked;
