/**
 * Runs parts of jobs on this device: what a program needs, the programs kept here, and the worker
 * processes. Start at {@link dev.kith.node.compute.ComputeService}. Format and limits:
 * docs/compute.md.
 */
@NullMarked
package dev.kith.node.compute;

import org.jspecify.annotations.NullMarked;
