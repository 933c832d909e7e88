/** Kith against other libp2p implementations, as processes of their own. */
package dev.kith.testnet.interop;
