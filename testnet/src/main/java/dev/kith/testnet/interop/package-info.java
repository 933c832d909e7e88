/**
 * Peers of other libp2p implementations, as processes of their own: interop tests and benchmarks
 * talk to them. Their sources lie in {@code testnet/interop}; docs/interop.md has the results.
 */
@NullMarked
package dev.kith.testnet.interop;

import org.jspecify.annotations.NullMarked;
