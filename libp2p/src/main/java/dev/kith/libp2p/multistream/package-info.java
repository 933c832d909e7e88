/** Agreement on a protocol for a connection or a stream (multistream-select 1.0). */
@NullMarked
package dev.kith.libp2p.multistream;

import org.jspecify.annotations.NullMarked;
