package dev.kith.dht.transfer;

import dev.kith.libp2p.ProtocolViolationException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The putter's side of one group on one holder, without I/O: what may be sent, and what the
 * holder's messages mean. Not thread-safe.
 */
final class UploadMachine {
  private enum State {
    OPENING,
    SENDING,
    COMMITTING,
    ENDED
  }

  private State state = State.OPENING;
  private long credit;
  private int sent;
  private int acked;
  private Optional<StoreMessage.Present> present = Optional.empty();
  private Optional<Bytes> receipt = Optional.empty();
  private Optional<StoreMessage.Refused> refused = Optional.empty();

  /** The holder answered the Open in one way or the other. */
  boolean answered() {
    return state != State.OPENING;
  }

  boolean ended() {
    return state == State.ENDED;
  }

  /** Set when the group was there before; nothing need be sent. */
  Optional<StoreMessage.Present> present() {
    return present;
  }

  /** Set when the holder committed the group. */
  Optional<Bytes> receipt() {
    return receipt;
  }

  Optional<StoreMessage.Refused> refused() {
    return refused;
  }

  /** Chunks that the holder has found sound. */
  int acked() {
    return acked;
  }

  boolean maySend(int length) {
    return state == State.SENDING && credit >= length;
  }

  void sent(int length) {
    if (!maySend(length)) {
      throw new IllegalStateException("no credit for " + length + " bytes");
    }
    credit -= length;
    sent++;
  }

  void committing() {
    if (state != State.SENDING) {
      throw new IllegalStateException("commit in state " + state);
    }
    state = State.COMMITTING;
  }

  /** Takes a message of the holder's. */
  void on(StoreMessage message) throws ProtocolViolationException {
    switch (message) {
      case StoreMessage.Accepted m -> {
        expect(State.OPENING, m);
        if (m.credit() < TransferLimits.CHUNK_BYTES_MAX) {
          throw new ProtocolViolationException("a credit of " + m.credit() + " fits no chunk");
        }
        credit = m.credit();
        state = State.SENDING;
      }
      case StoreMessage.Present m -> {
        expect(State.OPENING, m);
        present = Optional.of(m);
        state = State.ENDED;
      }
      case StoreMessage.Acked m -> {
        if (state == State.OPENING || state == State.ENDED || m.chunks() > sent) {
          throw new ProtocolViolationException(m + " after " + sent + " chunks in " + state);
        }
        if (m.chunks() < acked || credit + m.credit() > TransferLimits.CREDIT_BYTES_MAX) {
          throw new ProtocolViolationException(m + " after " + acked + " acknowledged chunks");
        }
        acked = m.chunks();
        credit += m.credit();
      }
      case StoreMessage.Committed m -> {
        expect(State.COMMITTING, m);
        receipt = Optional.of(m.receipt());
        state = State.ENDED;
      }
      case StoreMessage.Refused m -> {
        refused = Optional.of(m);
        state = State.ENDED;
      }
      case StoreMessage.Open m -> throw unexpected(m);
      case StoreMessage.Chunk m -> throw unexpected(m);
      case StoreMessage.KeepAlive m -> throw unexpected(m);
      case StoreMessage.Commit m -> throw unexpected(m);
    }
  }

  private void expect(State wanted, StoreMessage message) throws ProtocolViolationException {
    if (state != wanted) {
      throw unexpected(message);
    }
  }

  private ProtocolViolationException unexpected(StoreMessage message) {
    return new ProtocolViolationException(
        message.getClass().getSimpleName() + " in state " + state);
  }
}
