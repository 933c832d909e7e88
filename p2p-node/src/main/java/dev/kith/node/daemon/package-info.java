/**
 * The daemon of one peer: puts the host, the ledger, the DHT, files, jobs and the API together.
 * Start at {@link dev.kith.node.daemon.PeerNode}.
 */
@NullMarked
package dev.kith.node.daemon;

import org.jspecify.annotations.NullMarked;
