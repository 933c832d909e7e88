/** Files: put, get, list, remove. Start at {@link dev.kith.node.files.FileService}. */
@NullMarked
package dev.kith.node.files;

import org.jspecify.annotations.NullMarked;
