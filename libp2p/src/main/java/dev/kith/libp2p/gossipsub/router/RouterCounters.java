package dev.kith.libp2p.gossipsub.router;

/** What the router counts. Owned by its thread. */
final class RouterCounters {
  long received;
  long duplicates;
  long delivered;
  long invalid;
  long ignored;
  long throttled;
  long forwarded;
  long published;
  long graylisted;
}
