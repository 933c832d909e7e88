/**
 * The owner's tree of names: folders that are stored objects, and what a put or a removal makes of
 * them. Pure but for loading and saving folders through an interface. Format: docs/storage.md,
 * Names. Start at {@link dev.kith.node.files.names.NameTree}.
 */
@NullMarked
package dev.kith.node.files.names;

import org.jspecify.annotations.NullMarked;
