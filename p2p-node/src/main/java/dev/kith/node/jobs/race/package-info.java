/**
 * Which peer tries which part when: a machine without I/O. Start at {@link
 * dev.kith.node.jobs.race.RaceMachine}; the rules are in docs/compute.md.
 */
@NullMarked
package dev.kith.node.jobs.race;

import org.jspecify.annotations.NullMarked;
