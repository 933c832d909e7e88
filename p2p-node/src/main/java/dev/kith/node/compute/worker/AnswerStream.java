package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.Stdout;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The program's stdout: counted, gathered into messages of 64 KiB. */
final class AnswerStream extends OutputStream {
  private final Consumer<Stdout> report;
  private final long bytesMax;
  private final byte[] buffer = new byte[WorkerMessage.DATA_BYTES_MAX];
  private int buffered;
  private long total;

  AnswerStream(long bytesMax, Consumer<? super Stdout> report) {
    this.bytesMax = bytesMax;
    this.report = report::accept;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    total += length;
    if (total > bytesMax) {
      throw RunStopped.answerTooLong(bytesMax);
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      int count = Math.min(left, buffer.length - buffered);
      System.arraycopy(source, from, buffer, buffered, count);
      buffered += count;
      from += count;
      left -= count;
      if (buffered == buffer.length) {
        send();
      }
    }
  }

  /** Sends what is left; the program's own flushes do nothing, as nobody reads half an answer. */
  void send() {
    if (buffered > 0) {
      report.accept(new Stdout(ByteBuffer.wrap(buffer, 0, buffered)));
      buffered = 0;
    }
  }
}
