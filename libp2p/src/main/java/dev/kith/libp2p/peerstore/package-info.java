/**
 * What is known of other peers, in memory and over restarts.
 *
 * <p>{@link dev.kith.libp2p.peerstore.MemoryPeerStore} holds everything; {@link
 * dev.kith.libp2p.peerstore.DurablePeerStore} is one that writes itself down in a {@link
 * dev.kith.libp2p.datastore.Datastore} every few seconds. What is lost by a crash is learnt again;
 * what is damaged is dropped.
 */
@NullMarked
package dev.kith.libp2p.peerstore;

import org.jspecify.annotations.NullMarked;
