package dev.kith.libp2p.swarm;

import com.southernstorm.noise.protocol.HandshakeState;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.noise.NoiseHandshake;
import dev.kith.libp2p.noise.NoiseIdentity;
import dev.kith.libp2p.noise.NoiseSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;

/** A dialler that speaks as far as the test wants, and then does what no honest peer does. */
final class HostilePeer implements AutoCloseable {
  static final int DATA = 0;
  static final int WINDOW_UPDATE = 1;
  static final int PING = 2;
  static final int SYN = 1;

  private static final SecureRandom RANDOM = new SecureRandom();

  final Socket socket;
  final InputStream in;
  final OutputStream out;

  HostilePeer(Multiaddr address) throws IOException {
    var target = address.tcpAddress().orElseThrow();
    socket = new Socket(target.getAddress(), target.getPort());
    socket.setSoTimeout(20_000);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  static byte[] header(int type, int flags, int streamId, int length) {
    return ByteBuffer.allocate(12)
        .put((byte) 0)
        .put((byte) type)
        .putShort((short) flags)
        .putInt(streamId)
        .putInt(length)
        .array();
  }

  /** What goes over the channel once the muxer is agreed on. */
  record Channel(InputStream in, OutputStream out) {
    void frame(int type, int flags, int streamId, int length, byte... payload) throws IOException {
      out.write(
          ByteBuffer.allocate(12 + payload.length)
              .put(header(type, flags, streamId, length))
              .put(payload)
              .array());
    }

    /** The next frame for a stream, as {type, flags, id, length}; payload is skipped. */
    int[] next(int streamId) throws IOException {
      while (true) {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(12));
        header.get();
        int[] frame = {header.get(), header.getShort(), header.getInt(), header.getInt()};
        if (frame[0] == DATA) {
          in.readNBytes(frame[3]);
        }
        if (frame[2] == streamId) {
          return frame;
        }
      }
    }
  }

  Channel upgrade(PrivateKey key) throws IOException {
    Multistream.dial(in, out, List.of("/noise"));
    // No early muxer: multistream has to do as well.
    NoiseHandshake handshake =
        NoiseHandshake.initiator(new NoiseIdentity(key, RANDOM, List.of()), RANDOM);
    NoiseStreams.writeMessage(out, handshake.send());
    handshake.receive(NoiseStreams.readMessage(in, 8192));
    NoiseStreams.writeMessage(out, handshake.send());
    NoiseSession session = handshake.session();
    InputStream plainIn = new NoiseStreams.Input(in, session.receiver());
    OutputStream plainOut = new NoiseStreams.Output(out, session.sender());
    Multistream.dial(plainIn, plainOut, List.of("/yamux/1.0.0"));
    return new Channel(plainIn, plainOut);
  }

  /** A flawless Noise handshake whose payload is whatever the test likes. */
  void handshakeWithPayload(byte[] payload) throws Exception {
    Multistream.dial(in, out, List.of("/noise"));
    HandshakeState noise =
        new HandshakeState("Noise_XX_25519_ChaChaPoly_SHA256", HandshakeState.INITIATOR);
    noise.getLocalKeyPair().generateKeyPair();
    noise.start();
    byte[] buffer = new byte[4096];
    int size = noise.writeMessage(buffer, 0, new byte[0], 0, 0);
    NoiseStreams.writeMessage(out, java.util.Arrays.copyOf(buffer, size));
    byte[] second = NoiseStreams.readMessage(in, 8192);
    noise.readMessage(second, 0, second.length, new byte[8192], 0);
    size = noise.writeMessage(buffer, 0, payload, 0, payload.length);
    NoiseStreams.writeMessage(out, java.util.Arrays.copyOf(buffer, size));
  }

  /** Whether the other side closes the connection, within the socket's time-out. */
  boolean isCutOff() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
