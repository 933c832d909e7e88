/** Which peers should hold a group. Start at {@link dev.kith.dht.placement.Placement}. */
@NullMarked
package dev.kith.dht.placement;

import org.jspecify.annotations.NullMarked;
