/**
 * Addresses that begin with a DNS name: {@code /dns}, {@code /dns4}, {@code /dns6} and {@code
 * /dnsaddr} (multiformats/multiaddr, protocols/DNSADDR.md). Start at {@link
 * dev.kith.libp2p.dns.NameResolver}.
 */
@NullMarked
package dev.kith.libp2p.dns;

import org.jspecify.annotations.NullMarked;
