/**
 * The host: connections and blocking streams to other peers. Start at {@link
 * dev.kith.libp2p.host.Host}.
 *
 * <p>A {@link dev.kith.libp2p.host.StreamHandler} serves a protocol; a {@link
 * dev.kith.libp2p.host.HostListener} or an {@link dev.kith.libp2p.host.EventFeed} hears what
 * happens; an {@link dev.kith.libp2p.host.AdmissionPolicy} says who may use what, and a {@link
 * dev.kith.libp2p.host.ConnectionGater} who may connect; a {@link dev.kith.libp2p.host.PeerStore}
 * remembers other peers. Transports extend {@link dev.kith.libp2p.host.AbstractHost}.
 */
@NullMarked
package dev.kith.libp2p.host;

import org.jspecify.annotations.NullMarked;
