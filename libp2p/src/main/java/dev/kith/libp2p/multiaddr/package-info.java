/** Self-describing network addresses (multiformats/multiaddr). */
@NullMarked
package dev.kith.libp2p.multiaddr;

import org.jspecify.annotations.NullMarked;
