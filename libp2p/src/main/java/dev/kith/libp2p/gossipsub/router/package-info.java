/**
 * The gossipsub router as a machine without input and output.
 *
 * <p>Start at {@link dev.kith.libp2p.gossipsub.router.RouterMachine}: it is told what happened and
 * answers with {@link dev.kith.libp2p.gossipsub.router.Decision}s.
 */
@NullMarked
package dev.kith.libp2p.gossipsub.router;

import org.jspecify.annotations.NullMarked;
