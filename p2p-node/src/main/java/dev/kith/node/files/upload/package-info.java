/**
 * Putting: a stream becomes sealed chunks, which stream in groups to their holders. Start at {@link
 * dev.kith.node.files.upload.ChunkUploader}.
 */
@NullMarked
package dev.kith.node.files.upload;

import org.jspecify.annotations.NullMarked;
