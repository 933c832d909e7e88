package dev.kith.node.api;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Sends each write on at once: what is ready of a job's answer should be seen. */
final class FlushingStream extends FilterOutputStream {
  FlushingStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }
}
