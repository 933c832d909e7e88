package dev.kith.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;

/**
 * Reads no more of a socket once a TLS handshake has been sent more than it can need: a handshake
 * that ends with it goes on, another one meets its deadline. Not a refusal, as a remote whose
 * certificate is being checked may send its first frames already.
 */
final class HandshakeBudget extends ChannelDuplexHandler {
  /** A flight with an RSA identity of 8,192 bits takes 4 KiB. */
  private static final int BYTES_MAX = 64 << 10;

  private final Future<?> handshake;
  private long received;

  HandshakeBudget(Future<?> handshake) {
    this.handshake = handshake;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    handshake.addListener(done -> leave(context));
  }

  private static void leave(ChannelHandlerContext context) {
    if (!context.isRemoved()) {
      var _ = context.pipeline().remove(context.handler());
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    received += ((ByteBuf) message).readableBytes();
    if (received > BYTES_MAX && !handshake.isDone()) {
      context.channel().config().setAutoRead(false);
    }
    context.fireChannelRead(message);
  }

  /** Netty's handler asks for more on its own for as long as the handshake is not done. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (received <= BYTES_MAX || handshake.isDone()) {
      context.read();
    }
  }
}
