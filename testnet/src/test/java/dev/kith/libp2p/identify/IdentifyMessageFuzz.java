package dev.kith.libp2p.identify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** What is read of a message is bounded, and is the same when it is written and read again. */
public final class IdentifyMessageFuzz {
  private IdentifyMessageFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    IdentifyMessage message;
    try {
      message = IdentifyMessage.read(new ByteArrayInputStream(data));
    } catch (IOException e) {
      return; // a violation, or the end
    }
    byte[] again = Varint.prefixed(message.encode());
    try {
      assertThat(IdentifyMessage.read(new ByteArrayInputStream(again))).isEqualTo(message);
    } catch (IOException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }
}
