package dev.kith.libp2p.resource;

import org.jspecify.annotations.Nullable;

/**
 * The room that one stream takes, until this side closes or resets it, or its connection ends.
 * Thread-safe.
 */
public final class StreamScope implements AutoCloseable {
  private final ConnectionScope connection;
  private final Direction direction;

  /** Guarded by the resources' lock. */
  @Nullable String protocol;

  StreamScope(ConnectionScope connection, Direction direction) {
    this.connection = connection;
    this.direction = direction;
  }

  ConnectionScope connection() {
    return connection;
  }

  Direction direction() {
    return direction;
  }

  /**
   * The protocol is agreed on.
   *
   * @throws LimitReachedException when there are as many streams of it as may be
   * @throws IllegalStateException when it has one already
   */
  public void protocol(String agreed) throws LimitReachedException {
    connection.name(this, agreed);
  }

  /** Gives it back; may be called twice. */
  @Override
  public void close() {
    connection.release(this);
  }
}
