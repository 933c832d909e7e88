/**
 * The worker process: a small JVM that runs parts of WASM programs, one after another. Nothing here
 * depends on the rest of Kith, so that a worker's class path holds this module and Endive only.
 * Start at {@link dev.kith.node.compute.worker.WorkerMain}; the protocol is in {@link
 * dev.kith.node.compute.worker.WorkerMessage} and docs/compute.md.
 */
@NullMarked
package dev.kith.node.compute.worker;

import org.jspecify.annotations.NullMarked;
