package dev.kith.libp2p.multiaddr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** An address that is read is written as it was, in bytes and in text. */
public final class MultiaddrFuzz {
  private MultiaddrFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Multiaddr decoded = Multiaddr.decode(Bytes.wrap(data));
      assertThat(decoded.encoded()).isEqualTo(Bytes.wrap(data));
      assertThat(Multiaddr.parse(decoded.toString())).isEqualTo(decoded);
    } catch (ProtocolViolationException e) {
      // most bytes are none
    }
    try {
      Multiaddr parsed = Multiaddr.parse(new String(data, StandardCharsets.UTF_8));
      assertThat(Multiaddr.decodeKnown(List.of(parsed.encoded()), 1)).containsExactly(parsed);
    } catch (IllegalArgumentException e) {
      // most texts are none
    }
  }
}
