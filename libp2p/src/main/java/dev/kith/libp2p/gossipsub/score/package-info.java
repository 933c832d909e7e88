/**
 * What peers think of each other, by what they saw (gossipsub 1.1, peer scoring).
 *
 * <p>Start at {@link dev.kith.libp2p.gossipsub.score.PeerScores}. The parameters of P1 to P7 have a
 * file each: what it counts, what it is for, and how it is computed.
 */
@NullMarked
package dev.kith.libp2p.gossipsub.score;

import org.jspecify.annotations.NullMarked;
