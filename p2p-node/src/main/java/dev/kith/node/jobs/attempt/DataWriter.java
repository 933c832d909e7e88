package dev.kith.node.jobs.attempt;

import dev.kith.node.jobs.attempt.AttemptMessage.Data;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.tuweni.bytes.Bytes;

/** Writes a stream as Data messages. Without a buffer: give it long runs of bytes. */
final class DataWriter extends OutputStream {
  private final Sink sink;

  DataWriter(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    for (int at = 0; at < length; at += AttemptMessage.DATA_BYTES_MAX) {
      int count = Math.min(AttemptMessage.DATA_BYTES_MAX, length - at);
      sink.send(new Data(Bytes.wrap(source, offset + at, count)));
    }
  }

  /** Where messages go. */
  @FunctionalInterface
  interface Sink {
    void send(AttemptMessage message) throws IOException;
  }
}
