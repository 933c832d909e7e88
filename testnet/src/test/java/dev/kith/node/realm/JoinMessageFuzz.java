package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.node.NodeException;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/** What strangers say before they are members, and what users paste. */
public final class JoinMessageFuzz {
  private JoinMessageFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Bytes bytes = Bytes.wrap(data);
      assertThat(JoinMessage.decode(bytes).encode()).isEqualTo(bytes);
    } catch (ProtocolViolationException e) {
      // most bytes are none
    }
    try {
      Ticket ticket = Ticket.decode(new String(data, StandardCharsets.UTF_8));
      assertThat(Ticket.decode(ticket.encode())).isEqualTo(ticket);
    } catch (NodeException e) {
      // most texts are none
    }
  }
}
