/**
 * A committee on virtual time: the production machines under delay, loss, partitions, crashes that
 * lose what was not synced, and Byzantine members, all drawn from one seed. Start at {@link
 * dev.kith.testnet.sim.Simulation}; {@link dev.kith.testnet.sim.Checker} states the invariants.
 */
@NullMarked
package dev.kith.testnet.sim;

import org.jspecify.annotations.NullMarked;
