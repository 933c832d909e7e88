/**
 * One try of one peer at one part: the protocol {@code /kith/<realm8>/work/1} with its two ends.
 * Start at {@link dev.kith.node.jobs.attempt.Attempts}; layout in docs/compute.md.
 */
@NullMarked
package dev.kith.node.jobs.attempt;

import org.jspecify.annotations.NullMarked;
