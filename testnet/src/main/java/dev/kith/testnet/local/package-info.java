/**
 * A realm of real processes on this machine: makes its homes, starts its daemons, kills them,
 * brings them back. Start at {@link dev.kith.testnet.local.Testnet}.
 */
@NullMarked
package dev.kith.testnet.local;

import org.jspecify.annotations.NullMarked;
