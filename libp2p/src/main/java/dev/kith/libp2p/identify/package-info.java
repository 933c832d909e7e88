/** Identify: what peers tell each other of themselves (libp2p/specs identify). */
@NullMarked
package dev.kith.libp2p.identify;

import org.jspecify.annotations.NullMarked;
