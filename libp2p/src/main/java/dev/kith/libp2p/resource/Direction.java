package dev.kith.libp2p.resource;

/** Which side began a connection or a stream. */
public enum Direction {
  /** The remote did. */
  INBOUND,
  /** This host did. */
  OUTBOUND;

  /** {@code OUTBOUND} where it is true. */
  public static Direction of(boolean outbound) {
    return outbound ? OUTBOUND : INBOUND;
  }
}
