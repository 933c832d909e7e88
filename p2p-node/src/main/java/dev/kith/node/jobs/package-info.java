/**
 * Jobs: a program over many parts, raced on several peers. Start at {@link
 * dev.kith.node.jobs.JobService}.
 */
@NullMarked
package dev.kith.node.jobs;

import org.jspecify.annotations.NullMarked;
