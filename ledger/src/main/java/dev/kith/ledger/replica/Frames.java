package dev.kith.ledger.replica;

import dev.kith.libp2p.ProtocolViolationException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.tuweni.bytes.Bytes;

/** Frames on the ledger's streams: length u32, then that many bytes. */
final class Frames {
  private Frames() {}

  static byte[] frame(Bytes payload) {
    return ByteBuffer.allocate(4 + payload.size())
        .putInt(payload.size())
        .put(payload.toArrayUnsafe())
        .array();
  }

  /**
   * Reads the next frame.
   *
   * @throws EOFException when the remote closed its side
   */
  static Bytes read(InputStream in, int bytesMax) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int length = data.readInt();
    if (length < 0 || length > bytesMax) {
      throw new ProtocolViolationException("a frame of " + length + " bytes");
    }
    byte[] payload = new byte[length];
    data.readFully(payload);
    return Bytes.wrap(payload);
  }
}
