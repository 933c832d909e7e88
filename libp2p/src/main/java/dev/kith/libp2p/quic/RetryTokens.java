package dev.kith.libp2p.quic;

import dev.kith.libp2p.transport.Gate;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Address validation (RFC 9000, section 8.1.2). While few handshakes are under way a dialler is
 * served at once. When they crowd it gets a token and has to come again with it, which proves that
 * its address is its own and takes nothing of this host; and when there is no room, not even that
 * helps, and its datagrams are dropped.
 *
 * <pre>
 *   token   MAC (16 bytes), milliseconds (8 bytes), the destination connection id it came to
 *   MAC     HMAC-SHA-256 over address, port, milliseconds and id, cut
 * </pre>
 */
final class RetryTokens implements QuicTokenHandler {
  private static final int MAC_BYTES = 16;
  private static final int HEAD_BYTES = MAC_BYTES + Long.BYTES;
  private static final Duration AGE_MAX = Duration.ofSeconds(10);

  private final Gate gate;
  private final InstantSource clock;
  private final SecretKeySpec key;

  RetryTokens(Gate gate, SecureRandom random, InstantSource clock) {
    this.gate = gate;
    this.clock = clock;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** Whether a token is asked for, which is then in {@code out}. */
  @Override
  public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress remote) {
    if (!gate.crowded()) {
      return false;
    }
    long now = clock.millis();
    byte[] id = bytes(connectionId);
    out.writeBytes(mac(remote, now, id)).writeLong(now).writeBytes(id);
    return true;
  }

  /** Where in a token the connection id begins; -1 drops the datagram. */
  @Override
  public int validateToken(ByteBuf token, InetSocketAddress remote) {
    int idBytes = token.readableBytes() - HEAD_BYTES;
    if (idBytes < 0 || idBytes > Quic.MAX_CONN_ID_LEN || gate.full()) {
      return -1;
    }
    byte[] all = bytes(token);
    long issued = ByteBuffer.wrap(all).getLong(MAC_BYTES);
    long age = clock.millis() - issued;
    byte[] id = Arrays.copyOfRange(all, HEAD_BYTES, all.length);
    boolean genuine = MessageDigest.isEqual(mac(remote, issued, id), Arrays.copyOf(all, MAC_BYTES));
    return genuine && age >= 0 && age <= AGE_MAX.toMillis() ? HEAD_BYTES : -1;
  }

  @Override
  public int maxTokenLength() {
    return HEAD_BYTES + Quic.MAX_CONN_ID_LEN;
  }

  private static byte[] bytes(ByteBuf in) {
    byte[] bytes = new byte[in.readableBytes()];
    in.getBytes(in.readerIndex(), bytes);
    return bytes;
  }

  private byte[] mac(InetSocketAddress remote, long millis, byte[] id) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      mac.update(remote.getAddress().getAddress());
      mac.update(ByteBuffer.allocate(12).putInt(remote.getPort()).putLong(millis).array());
      return Arrays.copyOf(mac.doFinal(id), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
