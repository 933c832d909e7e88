/**
 * What putting, getting and holding have in common: the realm's members as the files see them.
 * Start at {@link dev.kith.node.files.mesh.Mesh}.
 */
@NullMarked
package dev.kith.node.files.mesh;

import org.jspecify.annotations.NullMarked;
