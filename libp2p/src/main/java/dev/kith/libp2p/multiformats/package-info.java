/**
 * The small encodings that libp2p is built of: unsigned varints, length-prefixed messages and the
 * multibase alphabets. It depends on nothing.
 */
@NullMarked
package dev.kith.libp2p.multiformats;

import org.jspecify.annotations.NullMarked;
