package dev.kith.libp2p.gossipsub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** An RPC that is read is the same when it is written and read again; messages can be checked. */
public final class RpcCodecFuzz {
  private RpcCodecFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    List<RpcPart> parts;
    try {
      parts = RpcCodec.decode(data);
    } catch (ProtocolViolationException e) {
      return;
    }
    for (RpcPart part : parts) {
      if (part instanceof RpcPart.Publish(PubsubMessage message)) {
        for (MessageSecurity security : MessageSecurity.values()) {
          check(security, message);
        }
      }
    }
    try {
      byte[] frame = RpcCodec.encode(parts);
      byte[] again =
          Objects.requireNonNull(Varint.readMessage(new ByteArrayInputStream(frame), frame.length));
      assertThat(RpcCodec.encode(RpcCodec.decode(again))).isEqualTo(frame);
    } catch (IOException e) {
      throw new AssertionError("what was written is not read", e);
    }
  }

  private static void check(MessageSecurity security, PubsubMessage message) {
    try {
      security.check(message);
    } catch (ProtocolViolationException e) {
      // most messages are not signed as they should be
    }
  }
}
