/** Keys, peer ids and the keystore (libp2p/specs peer-ids; Web3 Secret Storage V3). */
@NullMarked
package dev.kith.libp2p.identity;

import org.jspecify.annotations.NullMarked;
