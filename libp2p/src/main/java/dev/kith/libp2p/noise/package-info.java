/**
 * The secure channel Noise XX (libp2p/specs noise): {@code Noise_XX_25519_ChaChaPoly_SHA256}. Start
 * at {@link dev.kith.libp2p.noise.NoiseHandshake}, which does no I/O.
 */
@NullMarked
package dev.kith.libp2p.noise;

import org.jspecify.annotations.NullMarked;
