/** A local net of real processes, the simulator, interop and benchmarks. */
@NullMarked
package dev.kith.testnet;

import org.jspecify.annotations.NullMarked;
