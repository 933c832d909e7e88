package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What stands between a TCP socket and what is secured over it. Thread-safe. */
interface SocketLayer {
  /** What {@link dev.kith.libp2p.host.ConnectionState#transport} says. */
  String transport();

  /** The socket's address in one of this kind; empty for others. */
  Optional<InetSocketAddress> address(Multiaddr address);

  Multiaddr address(InetSocketAddress address);

  /**
   * To be asked before it listens.
   *
   * @throws IllegalArgumentException when it lacks something for that
   */
  default void requireListening() {}

  /**
   * Puts its handlers before those of an inbound socket, and runs {@code ready} on the loop once
   * bytes can be exchanged.
   */
  void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready);

  /** As {@link #accept}, for an outbound one that is not connected yet. */
  void dial(ChannelPipeline pipeline, Multiaddr remote, Duration timeout, Runnable ready);
}
