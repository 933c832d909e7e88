package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.resource.Resources;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.MuxedStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SwarmConnectionTest {
  private static final PublicKey REMOTE = Keys.fromSeed(KeyType.ED25519, 1).publicKey();

  private final AtomicInteger resets = new AtomicInteger();

  private record Muxed(ConnectionScope scope) implements MuxedConnection {
    @Override
    public PublicKey remoteKey() {
      return REMOTE;
    }

    @Override
    public Multiaddr remoteAddress() {
      return Multiaddr.parse("/memory/1");
    }

    @Override
    public Multiaddr localAddress() {
      return Multiaddr.parse("/memory/2");
    }

    @Override
    public ConnectionState state() {
      return new ConnectionState("none", "", "", false);
    }

    @Override
    public boolean outbound() {
      return false;
    }

    @Override
    public boolean open() {
      return true;
    }

    @Override
    public Executor eventLoop() {
      return Runnable::run;
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public MuxedStream open(Duration timeout) {
      throw new UnsupportedOperationException("only inbound streams here");
    }

    @Override
    public void close() {}
  }

  private final class CountingStream implements MuxedStream {
    @Override
    public InputStream input() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream output() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void timeout(long nanos) {}

    @Override
    public void closeWrite() {}

    @Override
    public void close() {}

    @Override
    public void reset() {
      resets.incrementAndGet();
    }
  }

  private static final class NoOwner implements SwarmConnection.Owner {
    @Override
    public Predicate<String> servedTo(PeerId peer) {
      return _ -> true;
    }

    @Override
    public void handle(Stream stream, Runnable done) {
      throw new AssertionError("nothing is served");
    }

    @Override
    public void ended(SwarmConnection connection) {}
  }

  @Test
  void streamsThatComeWhileTheHostCloses_giveBackTheirRoom() throws Exception {
    Resources resources = new Resources(ResourceLimits.STANDARD, System::nanoTime, _ -> {});
    ConnectionScope scope = resources.connection(Direction.INBOUND, Optional.empty());
    scope.identify(REMOTE.peerId());
    LoopThreads threads = new LoopThreads();
    LoopThreads.Carried carried = threads.on(Runnable::run);
    threads.close();
    SwarmConnection connection =
        new SwarmConnection(new NoOwner(), SwarmLimits.STANDARD, new Muxed(scope), carried);
    int more = SwarmLimits.STANDARD.streams().inboundStreamsMax() + 1;
    for (int i = 0; i < more; i++) {
      connection.opened(new CountingStream());
    }
    assertThat(resets).hasValue(more);
    assertThat(resources.usage().streamsInbound()).isZero();
  }
}
