/** docs/cli.md held against daemons that are real processes. */
@NullMarked
package dev.kith.testnet.contract;

import org.jspecify.annotations.NullMarked;
