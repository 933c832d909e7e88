/** The command {@code kith}: one class a command, over the daemon's HTTP API. */
@NullMarked
package dev.kith.cli;

import org.jspecify.annotations.NullMarked;
