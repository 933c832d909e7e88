/**
 * Holding groups for the realm: serving them, announcing them, and deleting them when the ledger
 * says that nobody needs them. Start at {@link dev.kith.node.files.holder.HolderService}.
 */
@NullMarked
package dev.kith.node.files.holder;

import org.jspecify.annotations.NullMarked;
