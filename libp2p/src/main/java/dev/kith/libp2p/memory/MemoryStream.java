package dev.kith.libp2p.memory;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamResetException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.resource.StreamScope;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a stream: it reads from one pipe and writes to the other. */
final class MemoryStream implements Stream {
  private final MemoryConnection connection;
  private final StreamScope scope;
  private final String protocol;
  private final Pipe incoming;
  private final Pipe outgoing;
  private @Nullable MemoryStream other;
  private volatile long timeoutNanos;

  private MemoryStream(
      MemoryConnection connection,
      StreamScope scope,
      String protocol,
      Pipe incoming,
      Pipe outgoing) {
    this.connection = connection;
    this.scope = scope;
    this.protocol = protocol;
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** Both ends of a new stream: the one of {@code near}, whose {@link #other} is the far one. */
  static MemoryStream between(
      MemoryConnection near,
      StreamScope nearScope,
      MemoryConnection far,
      StreamScope farScope,
      String protocol) {
    Pipe there = new Pipe();
    Pipe back = new Pipe();
    MemoryStream nearEnd = new MemoryStream(near, nearScope, protocol, back, there);
    MemoryStream farEnd = new MemoryStream(far, farScope, protocol, there, back);
    nearEnd.other = farEnd;
    farEnd.other = nearEnd;
    return nearEnd;
  }

  MemoryStream other() {
    if (other == null) {
      throw new IllegalStateException("a stream has two ends");
    }
    return other;
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
    return new Input();
  }

  @Override
  public OutputStream output() {
    return new Output();
  }

  @Override
  public void timeout(Duration timeout) {
    timeoutNanos = timeout.toNanos();
  }

  @Override
  public void closeWrite() throws IOException {
    outgoing.closeWrite();
    forgetIfDone();
  }

  @Override
  public void reset() {
    scope.close();
    end("the stream was reset");
  }

  void end(String reason) {
    incoming.reset(reason);
    outgoing.reset(reason);
    connection.forget(this);
    other().connection.forget(other());
  }

  @Override
  public void close() throws IOException {
    scope.close();
    incoming.closeRead();
    try {
      closeWrite();
    } catch (StreamResetException e) {
      // It has ended already, which is what close is for.
      connection.forget(this);
    }
  }

  private void forgetIfDone() {
    if (incoming.writeClosed() && outgoing.writeClosed()) {
      connection.forget(this);
      other().connection.forget(other());
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      try {
        return incoming.read(bytes, offset, length, timeoutNanos);
      } catch (InterruptedIOException e) {
        throw interrupted(e);
      }
    }

    @Override
    public int available() {
      return incoming.available();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      try {
        outgoing.write(bytes, offset, length, timeoutNanos);
      } catch (InterruptedIOException e) {
        throw interrupted(e);
      }
    }

    @Override
    public void close() throws IOException {
      closeWrite();
    }
  }

  /** A timeout leaves the stream as it is; an interrupt resets it. */
  private InterruptedIOException interrupted(InterruptedIOException e) {
    if (!(e instanceof java.net.SocketTimeoutException)) {
      reset();
    }
    return e;
  }
}
