/**
 * Where the bytes of a file lie: chunks, and pages that list chunks. Pure. Format: docs/storage.md,
 * Content. Start at {@link dev.kith.node.files.content.Content}.
 */
@NullMarked
package dev.kith.node.files.content;

import org.jspecify.annotations.NullMarked;
