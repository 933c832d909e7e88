package dev.kith.node.realm;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.tuweni.bytes.Bytes;

/** Messages of the join protocol on a stream. */
final class JoinStream {
  private final Stream stream;
  private final DataInputStream in;

  JoinStream(Stream stream) {
    this.stream = stream;
    this.in = new DataInputStream(stream.input());
  }

  void send(JoinMessage message) throws IOException {
    Bytes body = message.encode();
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + body.size());
    frame.putInt(body.size()).put(body.toArrayUnsafe());
    stream.output().write(frame.array());
  }

  /**
   * @param bytesMax what the expected message may have; checked before anything is allocated
   */
  JoinMessage receive(int bytesMax) throws IOException {
    int length = in.readInt();
    if (length < 1 || length > bytesMax) {
      throw new ProtocolViolationException("join: a message of " + length + " bytes");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return JoinMessage.decode(Bytes.wrap(body));
  }
}
