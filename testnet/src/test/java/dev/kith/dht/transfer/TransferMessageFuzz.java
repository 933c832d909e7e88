package dev.kith.dht.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import java.util.Arrays;

/**
 * Both directions of both protocols: what is read is the same when it is written and read again.
 */
public final class TransferMessageFuzz {
  private TransferMessageFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      StoreMessage message = StoreMessage.decode(data);
      StoreMessage again = StoreMessage.decode(body(message.encode()));
      if (message instanceof StoreMessage.Refused) {
        assertThat(again).isInstanceOf(StoreMessage.Refused.class); // its text is cut and cleaned
      } else {
        assertThat(again).isEqualTo(message);
      }
    } catch (ProtocolViolationException e) {
      // most bytes are none
    }
    try {
      assertThat(body(FetchMessage.decode(data).encode())).isEqualTo(data);
    } catch (ProtocolViolationException e) {
      // most bytes are none
    }
  }

  /** Without the two bytes of its length. */
  private static byte[] body(byte[] framed) {
    return Arrays.copyOfRange(framed, 2, framed.length);
  }
}
