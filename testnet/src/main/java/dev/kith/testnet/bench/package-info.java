/**
 * Measurements of the whole in real processes, each beside a physical limit that is measured in the
 * same run. Results go to docs/performance.md.
 */
@NullMarked
package dev.kith.testnet.bench;

import org.jspecify.annotations.NullMarked;
