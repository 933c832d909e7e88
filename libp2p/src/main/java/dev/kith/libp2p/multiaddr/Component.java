package dev.kith.libp2p.multiaddr;

import java.util.Objects;
import org.apache.tuweni.bytes.Bytes;

/**
 * One protocol of an address and its value.
 *
 * @param value as on the wire, without a length; empty where the protocol has none
 */
public record Component(Protocol protocol, Bytes value) {
  public Component {
    Objects.requireNonNull(protocol, "protocol");
    int size = protocol.codec().size();
    if (size != ValueCodec.PREFIXED && value.size() != size) {
      throw new IllegalArgumentException(protocol.text() + ": " + value.size() + " bytes");
    }
    value = value.copy();
    protocol.codec().format(value);
  }

  static Component parse(Protocol protocol, String text) {
    return new Component(protocol, protocol.codec().parse(text));
  }

  /** The value as text; empty where the protocol has none. */
  public String text() {
    return protocol.codec().format(value);
  }
}
