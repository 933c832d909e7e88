package dev.kith.libp2p.resource;

import java.io.IOException;

/** A bound was met. It has no stack trace, as a flood of them must cost little. */
public final class LimitReachedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  LimitReachedException(Refusal refusal) {
    super(refusal.toString());
    this.refusal = refusal;
  }

  /** Who hit what. */
  public Refusal refusal() {
    return refusal;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
