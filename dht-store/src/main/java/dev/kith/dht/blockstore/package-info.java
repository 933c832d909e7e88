/**
 * The device's store of encrypted chunks, in groups that are confirmed as a whole. Start at {@link
 * dev.kith.dht.blockstore.BlockStore}. Format: docs/storage.md, Segment files.
 */
@NullMarked
package dev.kith.dht.blockstore;

import org.jspecify.annotations.NullMarked;
