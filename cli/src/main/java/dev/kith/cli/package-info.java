/**
 * The command {@code kith}: one class a command, over the daemon's HTTP API. Start at {@link
 * dev.kith.cli.Kith}; what scripts may depend on is docs/cli.md.
 *
 * <p>A command lives for a fraction of a second, so nothing here loads a logging framework, and
 * only the class of the command that was asked for is looked at by picocli.
 */
@NullMarked
package dev.kith.cli;

import org.jspecify.annotations.NullMarked;
