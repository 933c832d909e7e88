package dev.kith.libp2p;

import java.io.IOException;

/**
 * The remote peer broke a protocol: a frame too large, a forged signature, a message out of order.
 *
 * <p>It is an {@link IOException}, so that code which only wants to give up on a peer need not tell
 * it from a lost connection; code that keeps scores does. Plain {@code IOException} means that the
 * world failed, {@link IllegalArgumentException} that the caller erred, {@link
 * IllegalStateException} that this program has a bug.
 */
public final class ProtocolViolationException extends IOException {
  private static final long serialVersionUID = 1L;

  public ProtocolViolationException(String message) {
    super(message);
  }

  public ProtocolViolationException(String message, Throwable cause) {
    super(message, cause);
  }
}
