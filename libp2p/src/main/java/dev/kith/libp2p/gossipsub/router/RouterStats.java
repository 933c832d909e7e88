package dev.kith.libp2p.gossipsub.router;

/**
 * What a router has done since it started.
 *
 * @param peers that speak gossipsub and are connected
 * @param received messages of others, copies and strangers' topics with them
 * @param duplicates copies of messages that were here already
 * @param delivered messages of others that were valid and new
 * @param invalid forged, or rejected by a validator
 * @param ignored by a validator
 * @param throttled messages that were dropped since too many were being checked
 * @param forwarded copies sent on to peers, own messages with them
 * @param published own messages
 * @param graylisted RPCs that were ignored for their senders' scores
 */
public record RouterStats(
    int peers,
    long received,
    long duplicates,
    long delivered,
    long invalid,
    long ignored,
    long throttled,
    long forwarded,
    long published,
    long graylisted) {}
