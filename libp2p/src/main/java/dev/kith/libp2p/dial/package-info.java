/**
 * In which order, and when, the addresses of a peer are dialled: {@link
 * dev.kith.libp2p.dial.DialRanker} plans, {@link dev.kith.libp2p.dial.DialMachine} follows the plan
 * in simulated or real time, {@link dev.kith.libp2p.dial.Dialler} runs the attempts, and {@link
 * dev.kith.libp2p.dial.DialBackoff} remembers which addresses failed.
 */
@NullMarked
package dev.kith.libp2p.dial;

import org.jspecify.annotations.NullMarked;
