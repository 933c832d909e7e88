/** Doubles and programs that the tests of this module share. */
@NullMarked
package dev.kith.node.testing;

import org.jspecify.annotations.NullMarked;
