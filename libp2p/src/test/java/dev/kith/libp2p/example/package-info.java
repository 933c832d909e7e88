/** The README's example. */
@NullMarked
package dev.kith.libp2p.example;

import org.jspecify.annotations.NullMarked;
