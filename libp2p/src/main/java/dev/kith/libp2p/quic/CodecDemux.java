package dev.kith.libp2p.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Lets one socket dial and listen. Netty has a codec for either side, and each takes every datagram
 * for its own; so the connection ids that this side chooses as a dialler begin with a tag, by which
 * datagrams find their codec.
 *
 * <pre>
 *   long header    flags (1 byte, high bit set), version (4), length of the id (1), id
 *   short header   flags (1 byte), id
 * </pre>
 */
final class CodecDemux extends ChannelInboundHandlerAdapter {
  /** The length of ids here; Netty's default for listeners. */
  static final int ID_BYTES = 20;

  private static final int TAG_BYTES = 4;
  private static final int LONG_HEADER = 0x80;
  private static final int LONG_ID_AT = 6;

  private final SecureRandom random;
  private final byte[] tag = new byte[TAG_BYTES];
  private final ChannelHandler listener;

  private CodecDemux(SecureRandom random, ChannelHandler listener) {
    this.random = random;
    this.listener = listener;
    random.nextBytes(tag);
  }

  /** Puts both codecs into a socket's pipeline. */
  static CodecDemux install(
      ChannelPipeline pipeline,
      SecureRandom random,
      ChannelHandler listener,
      ChannelHandler dialler) {
    CodecDemux demux = new CodecDemux(random, listener);
    pipeline.addLast(demux, listener, dialler);
    return demux;
  }

  /** A fresh id for a connection that is dialled. */
  QuicConnectionAddress newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    System.arraycopy(tag, 0, id, 0, TAG_BYTES);
    return new QuicConnectionAddress(id);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (ofDialler(((DatagramPacket) message).content())) {
      context.pipeline().context(listener).fireChannelRead(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private boolean ofDialler(ByteBuf datagram) {
    int start = datagram.readerIndex();
    int size = datagram.readableBytes();
    boolean longHeader = size > 0 && (datagram.getByte(start) & LONG_HEADER) != 0;
    int idAt = longHeader ? LONG_ID_AT : 1;
    if (size < idAt + TAG_BYTES || (longHeader && datagram.getByte(start + 5) != ID_BYTES)) {
      return false;
    }
    byte[] head = new byte[TAG_BYTES];
    datagram.getBytes(start + idAt, head);
    return Arrays.equals(head, tag);
  }

  /** The codecs do not hand this on. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    context.pipeline().context(listener).fireChannelReadComplete();
  }
}
