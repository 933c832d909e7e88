/**
 * What {@code kith demo} shows: a realm of real processes that keeps a file and runs programs while
 * peers die. It uses what every user has, the command line. Start at {@link
 * dev.kith.testnet.demo.Demo}.
 */
@NullMarked
package dev.kith.testnet.demo;

import org.jspecify.annotations.NullMarked;
