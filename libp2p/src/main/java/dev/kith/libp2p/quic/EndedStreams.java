package dev.kith.libp2p.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Netty (4.2) lets go of a stream when it has seen its FIN. One that ends by a reset stays in its
 * connection's table for as long as the connection stands, a kilobyte each: a peer that opens and
 * resets streams could fill the heap. Netty has the method that takes a stream out, and keeps it to
 * itself. Where it cannot be had, the caller has to count and to close the connection in time.
 */
final class EndedStreams {
  private static final @Nullable MethodHandle STREAM_CLOSED = find();

  private EndedStreams() {}

  private static @Nullable MethodHandle find() {
    try {
      Class<?> type =
          Class.forName(
              QuicChannel.class.getPackageName() + ".QuicheQuicChannel",
              true,
              QuicChannel.class.getClassLoader());
      return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
          .findVirtual(type, "streamClosed", MethodType.methodType(void.class, long.class))
          .asType(MethodType.methodType(void.class, QuicChannel.class, long.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /**
   * Lets a connection forget a stream of which nothing can come any more. On the event loop.
   *
   * @return whether it did
   */
  static boolean forget(QuicStreamChannel stream) {
    MethodHandle method = STREAM_CLOSED;
    if (method == null) {
      return false;
    }
    try {
      method.invokeExact(stream.parent(), stream.streamId());
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("forgetting a stream failed in an unknown way", e);
    }
  }
}
