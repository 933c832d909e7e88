package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.resource.StreamScope;
import dev.kith.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** A stream that carries a protocol. */
final class SwarmStream implements Stream {
  private final SwarmConnection connection;
  private final MuxedStream stream;
  private final String protocol;
  private final StreamScope scope;
  private final InputStream input;
  private final OutputStream output;

  /**
   * @param scope given back when this side closes or resets the stream
   */
  SwarmStream(SwarmConnection connection, MuxedStream stream, String protocol, StreamScope scope) {
    this.connection = connection;
    this.stream = stream;
    this.protocol = protocol;
    this.scope = scope;
    this.input = stream.input();
    this.output = stream.output();
  }

  @Override
  public String protocol() {
    return protocol;
  }

  @Override
  public PeerId remotePeer() {
    return connection.remotePeer();
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void timeout(Duration timeout) {
    stream.timeout(timeout.toNanos());
  }

  @Override
  public void closeWrite() throws IOException {
    stream.closeWrite();
  }

  @Override
  public void reset() {
    stream.reset();
    scope.close();
  }

  @Override
  public void close() throws IOException {
    try {
      stream.close();
    } finally {
      scope.close();
    }
  }
}
