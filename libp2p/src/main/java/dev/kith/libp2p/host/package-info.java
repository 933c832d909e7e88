/**
 * The host: connections and blocking streams to other peers. Start at {@link
 * dev.kith.libp2p.host.Host}.
 */
@NullMarked
package dev.kith.libp2p.host;

import org.jspecify.annotations.NullMarked;
