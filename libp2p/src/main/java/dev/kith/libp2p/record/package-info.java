/** Statements of peers that others pass on: signed envelopes and peer records (RFC 0002, 0003). */
@NullMarked
package dev.kith.libp2p.record;

import org.jspecify.annotations.NullMarked;
