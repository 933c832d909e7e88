/**
 * A peer's home folder, its owner's keys, and how devices come into a realm: genesis, tickets and
 * the join protocol. Start at {@link dev.kith.node.realm.Home}; layout and formats: docs/home.md.
 */
@NullMarked
package dev.kith.node.realm;

import org.jspecify.annotations.NullMarked;
