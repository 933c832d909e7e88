package dev.kith.libp2p.swarm;

import dev.kith.libp2p.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * Bytes as the payload of binary frames (libp2p/specs websockets), whose bounds mean nothing, after
 * Netty's codecs have done the HTTP handshake.
 */
final class WebSocketBytes extends ChannelDuplexHandler {
  /** Peers send a frame of their muxer, or a TLS or Noise record, in each: 64 KiB and a little. */
  static final int FRAME_BYTES_MAX = 256 << 10;

  private static final int HTTP_BYTES_MAX = 8 << 10;
  private static final int HTTP_LINE_MAX = 4 << 10;

  private final Runnable ready;

  private WebSocketBytes(Runnable ready) {
    this.ready = ready;
  }

  /** Whatever the path that is asked for. */
  static void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
    WebSocketServerProtocolConfig config =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/")
            .checkStartsWith(true)
            .maxFramePayloadLength(FRAME_BYTES_MAX)
            .handshakeTimeoutMillis(timeout.toMillis())
            .build();
    pipeline.addFirst(
        new HttpServerCodec(HTTP_LINE_MAX, HTTP_BYTES_MAX, HTTP_BYTES_MAX),
        new HttpObjectAggregator(HTTP_BYTES_MAX),
        new WebSocketServerProtocolHandler(config),
        new WebSocketBytes(ready));
  }

  static void dial(ChannelPipeline pipeline, String uri, Duration timeout, Runnable ready) {
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(uri)
            .maxFramePayloadLength(FRAME_BYTES_MAX)
            .handshakeTimeoutMillis(Math.max(1, timeout.toMillis()))
            .build();
    pipeline.addFirst(
        new HttpClientCodec(HTTP_LINE_MAX, HTTP_BYTES_MAX, HTTP_BYTES_MAX),
        new HttpObjectAggregator(HTTP_BYTES_MAX),
        new WebSocketClientProtocolHandler(config),
        new WebSocketBytes(ready));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete
        || event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      ready.run();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message)
      throws ProtocolViolationException {
    if (message instanceof BinaryWebSocketFrame || message instanceof ContinuationWebSocketFrame) {
      context.fireChannelRead(((WebSocketFrame) message).content());
      return;
    }
    ReferenceCountUtil.release(message);
    throw new ProtocolViolationException("websocket: not a binary frame");
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    var _ =
        context.write(
            message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
  }
}
