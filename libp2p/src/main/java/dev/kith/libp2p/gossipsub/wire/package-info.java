/** What gossipsub peers send each other: messages, control, and their codec. */
@NullMarked
package dev.kith.libp2p.gossipsub.wire;

import org.jspecify.annotations.NullMarked;
