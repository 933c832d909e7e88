package dev.kith.libp2p.multiaddr;

import dev.kith.libp2p.identity.PeerId;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/**
 * The kinds of value that follow a protocol's name, as text and as bytes. Both directions throw
 * {@link IllegalArgumentException} on what is not such a value.
 */
enum ValueCodec {
  NONE(0) {
    @Override
    Bytes parse(String text) {
      throw new IllegalStateException("no value to parse");
    }

    @Override
    String format(Bytes value) {
      return "";
    }
  },
  IP4(4) {
    @Override
    Bytes parse(String text) {
      if (!NetUtil.isValidIpV4Address(text)) {
        throw new IllegalArgumentException("ip4: " + text);
      }
      return Bytes.wrap(NetUtil.createByteArrayFromIpAddressString(text));
    }

    @Override
    String format(Bytes value) {
      return NetUtil.bytesToIpAddress(value.toArrayUnsafe());
    }
  },
  IP6(16) {
    @Override
    Bytes parse(String text) {
      Inet6Address address = NetUtil.getByName(text, true);
      if (address == null || text.indexOf('%') >= 0 || text.indexOf(':') < 0) {
        throw new IllegalArgumentException("ip6: " + text);
      }
      return Bytes.wrap(address.getAddress());
    }

    @Override
    String format(Bytes value) {
      try {
        return NetUtil.toAddressString(Inet6Address.getByAddress(null, value.toArray(), -1));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("16 bytes are an address", e);
      }
    }
  },
  PORT(2) {
    @Override
    Bytes parse(String text) {
      long port = number(text);
      if (port < 0 || port > 0xffff) {
        throw new IllegalArgumentException("port: " + text);
      }
      return Bytes.of((int) port >>> 8, (int) port & 0xff);
    }

    @Override
    String format(Bytes value) {
      return Integer.toString(value.toInt());
    }
  },
  NUMBER(8) {
    @Override
    Bytes parse(String text) {
      return Bytes.ofUnsignedLong(number(text));
    }

    @Override
    String format(Bytes value) {
      return Long.toUnsignedString(value.toLong());
    }
  },
  NAME(ValueCodec.PREFIXED) {
    @Override
    Bytes parse(String text) {
      return checkedName(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    String format(Bytes value) {
      return new String(checkedName(value).toArrayUnsafe(), StandardCharsets.US_ASCII);
    }
  },
  PEER(ValueCodec.PREFIXED) {
    @Override
    Bytes parse(String text) {
      return PeerId.parse(text).multihash();
    }

    @Override
    String format(Bytes value) {
      return PeerId.fromBytes(value).toString();
    }
  };

  /** The size of a value that a varint with its length precedes. */
  static final int PREFIXED = -1;

  private final int size;

  ValueCodec(int size) {
    this.size = size;
  }

  /** The bytes of a value, or {@link #PREFIXED}. */
  int size() {
    return size;
  }

  abstract Bytes parse(String text);

  /** The canonical text; throws where {@code value}, whose size was checked, is no such value. */
  abstract String format(Bytes value);

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("number: " + text);
    }
    return Long.parseUnsignedLong(text); // of 20 digits some are too large: a NumberFormatException
  }

  /** A DNS name holds no slash and nothing that would garble a log. */
  private static Bytes checkedName(Bytes name) {
    boolean plain = !name.isEmpty() && name.size() <= 253;
    for (int i = 0; plain && i < name.size(); i++) {
      int c = name.get(i) & 0xff;
      plain = c > ' ' && c < 0x7f && c != '/'; // others travel as punycode
    }
    if (!plain) {
      throw new IllegalArgumentException("dns name: " + name.size() + " bytes");
    }
    return name;
  }
}
