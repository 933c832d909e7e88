/**
 * A client that follows a realm by headers alone. Start at {@link
 * dev.kith.ledger.light.LightClient}; what it does is in docs/ledger.md.
 */
@NullMarked
package dev.kith.ledger.light;

import org.jspecify.annotations.NullMarked;
