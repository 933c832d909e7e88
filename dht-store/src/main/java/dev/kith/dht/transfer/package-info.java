/**
 * Moves chunks between peers: {@link dev.kith.dht.transfer.GroupUpload} and {@link
 * dev.kith.dht.transfer.GroupReceiver} put a group on a holder, {@link
 * dev.kith.dht.transfer.FetchConnection} and {@link dev.kith.dht.transfer.FetchServer} read chunks
 * and ranges of frames. Protocols: docs/storage.md, Transfer.
 */
@NullMarked
package dev.kith.dht.transfer;

import org.jspecify.annotations.NullMarked;
