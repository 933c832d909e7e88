/** The commands that this module adds to {@code kith}. */
@NullMarked
package dev.kith.testnet.command;

import org.jspecify.annotations.NullMarked;
