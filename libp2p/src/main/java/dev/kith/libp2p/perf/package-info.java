/**
 * How fast a connection carries bytes (libp2p/specs perf); no host serves it unless it is told to.
 */
@NullMarked
package dev.kith.libp2p.perf;

import org.jspecify.annotations.NullMarked;
