package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What stands between a TCP socket and what is secured over it. */
enum SocketLayer {
  /** Nothing. */
  NONE("tcp") {
    @Override
    Optional<InetSocketAddress> address(Multiaddr address) {
      return address.tcpAddress();
    }

    @Override
    Multiaddr address(InetSocketAddress address) {
      return Multiaddr.ofTcp(address);
    }

    @Override
    void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
      ready.run();
    }

    @Override
    void dial(
        ChannelPipeline pipeline, InetSocketAddress remote, Duration timeout, Runnable ready) {
      ready.run();
    }
  },

  WEB_SOCKET("ws") {
    @Override
    Optional<InetSocketAddress> address(Multiaddr address) {
      return address.webSocketAddress();
    }

    @Override
    Multiaddr address(InetSocketAddress address) {
      return Multiaddr.ofWebSocket(address);
    }

    @Override
    void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
      WebSocketBytes.accept(pipeline, timeout, ready);
    }

    @Override
    void dial(
        ChannelPipeline pipeline, InetSocketAddress remote, Duration timeout, Runnable ready) {
      WebSocketBytes.dial(pipeline, remote, timeout, ready);
    }
  };

  private final String transport;

  SocketLayer(String transport) {
    this.transport = transport;
  }

  /** What {@link dev.kith.libp2p.host.ConnectionState#transport} says. */
  String transport() {
    return transport;
  }

  /** The socket's address in one of this kind; empty for others. */
  abstract Optional<InetSocketAddress> address(Multiaddr address);

  abstract Multiaddr address(InetSocketAddress address);

  /**
   * Puts its handlers before those of an inbound socket, and runs {@code ready} on the loop once
   * bytes can be exchanged.
   */
  abstract void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready);

  /** As {@link #accept}, for an outbound one that is not connected yet. */
  abstract void dial(
      ChannelPipeline pipeline, InetSocketAddress remote, Duration timeout, Runnable ready);
}
