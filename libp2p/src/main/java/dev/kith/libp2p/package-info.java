/**
 * libp2p in Java on Netty, wire-compatible with go-, js- and rust-libp2p.
 *
 * <p>Start at {@link dev.kith.libp2p.host.Host}: it opens and serves streams that block, meant to
 * be used from virtual threads. The packages below follow the chapters of the libp2p
 * specifications.
 */
@NullMarked
package dev.kith.libp2p;

import org.jspecify.annotations.NullMarked;
