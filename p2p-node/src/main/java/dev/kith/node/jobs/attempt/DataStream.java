package dev.kith.node.jobs.attempt;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.node.jobs.attempt.AttemptMessage.Accepted;
import dev.kith.node.jobs.attempt.AttemptMessage.Alive;
import dev.kith.node.jobs.attempt.AttemptMessage.Answer;
import dev.kith.node.jobs.attempt.AttemptMessage.Busy;
import dev.kith.node.jobs.attempt.AttemptMessage.Data;
import dev.kith.node.jobs.attempt.AttemptMessage.End;
import dev.kith.node.jobs.attempt.AttemptMessage.Failure;
import dev.kith.node.jobs.attempt.AttemptMessage.NeedProgram;
import dev.kith.node.jobs.attempt.AttemptMessage.Request;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tuweni.bytes.Bytes;

/** Reads Data messages up to their End as one stream. Closing it closes nothing. */
final class DataStream extends InputStream {
  private final DataInputStream in;
  private Bytes current = Bytes.EMPTY;
  private int read;
  private boolean ended;

  DataStream(DataInputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (read == current.size()) {
      if (ended) {
        return -1;
      }
      AttemptMessage message = AttemptMessage.read(in);
      switch (message) {
        case Data data -> {
          current = data.bytes();
          read = 0;
        }
        case End _ -> ended = true;
        case Request _, Busy _, NeedProgram _, Accepted _, Alive _, Answer _, Failure _ ->
            throw new ProtocolViolationException("out of order: " + message);
      }
    }
    int count = Math.min(length, current.size() - read);
    System.arraycopy(current.toArrayUnsafe(), read, target, offset, count);
    read += count;
    return count;
  }
}
