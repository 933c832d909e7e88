/** An ordered key-value store under a folder: what LevelDB offers, behind a small interface. */
@NullMarked
package dev.kith.libp2p.datastore;

import org.jspecify.annotations.NullMarked;
