package dev.kith.libp2p.identity;

import java.io.IOException;

/** The keystore is whole, and this is not its password. */
public final class WrongPasswordException extends IOException {
  private static final long serialVersionUID = 1L;

  public WrongPasswordException(String message) {
    super(message);
  }
}
