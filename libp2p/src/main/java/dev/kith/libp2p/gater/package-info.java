/**
 * Ready-made {@link dev.kith.libp2p.host.ConnectionGater}s. Start at {@link
 * dev.kith.libp2p.gater.DenyList}.
 */
@NullMarked
package dev.kith.libp2p.gater;

import org.jspecify.annotations.NullMarked;
