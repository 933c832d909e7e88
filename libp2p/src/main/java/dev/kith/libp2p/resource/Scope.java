package dev.kith.libp2p.resource;

/** Counts of one node of the tree, and their bounds. Guarded by {@link Resources}. */
final class Scope {
  final String name;
  private final ScopeLimits limits;
  private int connectionsInbound;
  private int connectionsOutbound;
  private int streamsInbound;
  private int streamsOutbound;

  Scope(String name, ScopeLimits limits) {
    this.name = name;
    this.limits = limits;
  }

  boolean fitsConnection(Direction direction) {
    boolean fits =
        switch (direction) {
          case INBOUND -> connectionsInbound < limits.connectionsInbound();
          case OUTBOUND -> connectionsOutbound < limits.connectionsOutbound();
        };
    return fits && connectionsInbound + connectionsOutbound < limits.connections();
  }

  boolean fitsStream(Direction direction) {
    boolean fits =
        switch (direction) {
          case INBOUND -> streamsInbound < limits.streamsInbound();
          case OUTBOUND -> streamsOutbound < limits.streamsOutbound();
        };
    return fits && streamsInbound + streamsOutbound < limits.streams();
  }

  void connection(Direction direction, int change) {
    switch (direction) {
      case INBOUND -> connectionsInbound += change;
      case OUTBOUND -> connectionsOutbound += change;
    }
    check();
  }

  void stream(Direction direction, int change) {
    switch (direction) {
      case INBOUND -> streamsInbound += change;
      case OUTBOUND -> streamsOutbound += change;
    }
    check();
  }

  private void check() {
    if (connectionsInbound < 0
        || connectionsOutbound < 0
        || streamsInbound < 0
        || streamsOutbound < 0) {
      throw new IllegalStateException("more was given back to " + name + " than was taken");
    }
  }

  boolean unused() {
    return connectionsInbound + connectionsOutbound + streamsInbound + streamsOutbound == 0;
  }

  Usage usage(long received, long growth, long sending) {
    return new Usage(
        connectionsInbound,
        connectionsOutbound,
        streamsInbound,
        streamsOutbound,
        received,
        growth,
        sending);
  }
}
