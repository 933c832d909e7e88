package dev.kith.libp2p.host;

import java.io.IOException;

/** Serves one inbound stream of a protocol, on a virtual thread of its own. */
@FunctionalInterface
public interface StreamHandler {
  /**
   * Reads requests and writes answers until done. When it returns the host closes the stream; when
   * it throws the host resets it. A {@link dev.kith.libp2p.ProtocolViolationException} is logged
   * once for the peer.
   */
  void handle(Stream stream) throws IOException, InterruptedException;

  /**
   * Whether it waits for nothing but its stream: no file, no process, no lock that is held across
   * such a wait. The connection's event loop may then carry its thread, which saves a switch
   * between processors each time that it waits; anything else would hold up all connections.
   */
  default boolean waitsOnlyForStream() {
    return false;
  }

  /** The same, for one that {@linkplain #waitsOnlyForStream waits for nothing but its stream}. */
  static StreamHandler streaming(StreamHandler handler) {
    return new StreamHandler() {
      @Override
      public void handle(Stream stream) throws IOException, InterruptedException {
        handler.handle(stream);
      }

      @Override
      public boolean waitsOnlyForStream() {
        return true;
      }
    };
  }
}
