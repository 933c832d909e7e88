/** Ping: 32 random bytes there and back (libp2p/specs ping). */
@NullMarked
package dev.kith.libp2p.ping;

import org.jspecify.annotations.NullMarked;
