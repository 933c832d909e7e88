package dev.kith.libp2p.connmgr;

/** How busy a connection is. Read while other threads change it. */
public interface Activity {
  /** How many streams it has at this moment. */
  int streams();

  /** When a stream of it was last opened or closed, in nanoseconds of the manager's clock. */
  long activeNanos();
}
