package dev.kith.ledger.codec;

import java.io.IOException;

/**
 * Bytes that are no canonical encoding of what was expected. Nothing else is thrown by decoders.
 */
public final class DecodeException extends IOException {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    super(message);
  }

  public DecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
