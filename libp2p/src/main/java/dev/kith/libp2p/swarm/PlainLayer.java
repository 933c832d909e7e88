package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import io.netty.channel.ChannelPipeline;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Layers that need nothing of the caller. */
enum PlainLayer implements SocketLayer {
  /** Nothing. */
  NONE("tcp") {
    @Override
    public Optional<InetSocketAddress> address(Multiaddr address) {
      return address.tcpAddress();
    }

    @Override
    public Multiaddr address(InetSocketAddress address) {
      return Multiaddr.ofTcp(address);
    }

    @Override
    public void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
      ready.run();
    }

    @Override
    public void dial(ChannelPipeline pipeline, Multiaddr remote, Duration timeout, Runnable ready) {
      ready.run();
    }
  },

  WEB_SOCKET("ws") {
    @Override
    public Optional<InetSocketAddress> address(Multiaddr address) {
      return address.webSocketAddress();
    }

    @Override
    public Multiaddr address(InetSocketAddress address) {
      return Multiaddr.ofWebSocket(address);
    }

    @Override
    public void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
      WebSocketBytes.accept(pipeline, timeout, ready);
    }

    @Override
    public void dial(ChannelPipeline pipeline, Multiaddr remote, Duration timeout, Runnable ready) {
      InetSocketAddress target = address(remote).orElseThrow();
      WebSocketBytes.dial(
          pipeline, "ws://" + NetUtil.toSocketAddressString(target) + "/", timeout, ready);
    }
  };

  private final String transport;

  PlainLayer(String transport) {
    this.transport = transport;
  }

  @Override
  public String transport() {
    return transport;
  }
}
