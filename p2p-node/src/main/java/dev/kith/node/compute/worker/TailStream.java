package dev.kith.node.compute.worker;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The program's stderr: only the last bytes are kept, to say why a part failed. */
final class TailStream extends OutputStream {
  static final int BYTES = 2048;

  private final byte[] ring = new byte[BYTES];
  private long written;

  @Override
  public void write(int b) {
    ring[(int) (written++ % BYTES)] = (byte) b;
  }

  String text() {
    int length = (int) Math.min(written, BYTES);
    byte[] tail = new byte[length];
    for (int i = 0; i < length; i++) {
      tail[i] = ring[(int) ((written - length + i) % BYTES)];
    }
    return new String(tail, StandardCharsets.UTF_8).strip();
  }
}
