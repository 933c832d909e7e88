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
}
