/**
 * Files become chunks here, and chunks become files: content-defined cutting, compression,
 * encryption in frames, names by hash. Pure: no files, no network. Format: docs/storage.md.
 *
 * <p>Start at {@link dev.kith.dht.chunk.ChunkSealer} and {@link dev.kith.dht.chunk.ChunkOpener}.
 */
@NullMarked
package dev.kith.dht.chunk;

import org.jspecify.annotations.NullMarked;
