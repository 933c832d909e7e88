package dev.kith.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/** Keys and ids that are read can be used, and are written as they were. */
public final class KeysFuzz {
  private static final byte[] MESSAGE = {1, 2, 3};

  private KeysFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Bytes bytes = Bytes.wrap(data);
    try {
      PublicKey key = Keys.decodePublic(bytes);
      assertThat(Keys.decodePublic(key.encoded())).isEqualTo(key);
      assertThat(key.verify(MESSAGE, data)).isFalse();
      assertThat(PeerId.parse(key.peerId().toString())).isEqualTo(key.peerId());
    } catch (ProtocolViolationException e) {
      // most bytes are no key
    }
    try {
      PrivateKey key = Keys.decodePrivate(bytes);
      assertThat(key.publicKey().verify(MESSAGE, key.sign(MESSAGE))).isTrue();
    } catch (ProtocolViolationException e) {
      // most bytes are no key
    }
    try {
      assertThat(PeerId.fromBytes(bytes).multihash()).isEqualTo(bytes);
    } catch (IllegalArgumentException e) {
      // most bytes are no id
    }
    try {
      PeerId id = PeerId.parse(new String(data, StandardCharsets.UTF_8));
      assertThat(PeerId.parse(id.toString())).isEqualTo(id);
    } catch (IllegalArgumentException e) {
      // most texts are no id
    }
  }
}
