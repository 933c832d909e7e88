/**
 * Getting: chunks from their holders, hedged and checked, put together in order. Start at {@link
 * dev.kith.node.files.download.ContentReader}.
 */
@NullMarked
package dev.kith.node.files.download;

import org.jspecify.annotations.NullMarked;
