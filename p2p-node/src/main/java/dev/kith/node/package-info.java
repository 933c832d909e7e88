/** The peer daemon. Its faces are {@code api} (HTTP) and, above it, the module {@code cli}. */
@NullMarked
package dev.kith.node;

import org.jspecify.annotations.NullMarked;
