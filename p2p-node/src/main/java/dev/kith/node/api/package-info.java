/**
 * The daemon's HTTP API on loopback: files, jobs, ledger, peers. Start at {@link
 * dev.kith.node.api.ApiServer}; what clients may depend on is docs/api.md.
 */
@NullMarked
package dev.kith.node.api;

import org.jspecify.annotations.NullMarked;
