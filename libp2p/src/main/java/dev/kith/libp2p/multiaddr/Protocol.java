package dev.kith.libp2p.multiaddr;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The protocols that an address may name, with their codes (multiformats/multiaddr protocols.csv).
 */
public enum Protocol {
  IP4(4, "ip4", ValueCodec.IP4),
  TCP(6, "tcp", ValueCodec.PORT),
  IP6(41, "ip6", ValueCodec.IP6),
  DNS(53, "dns", ValueCodec.NAME),
  DNS4(54, "dns4", ValueCodec.NAME),
  DNS6(55, "dns6", ValueCodec.NAME),
  DNSADDR(56, "dnsaddr", ValueCodec.NAME),
  UDP(273, "udp", ValueCodec.PORT),
  P2P_CIRCUIT(290, "p2p-circuit", ValueCodec.NONE),
  P2P(421, "p2p", ValueCodec.PEER),
  TLS(448, "tls", ValueCodec.NONE),
  SNI(449, "sni", ValueCodec.NAME),
  QUIC_V1(461, "quic-v1", ValueCodec.NONE),
  WS(477, "ws", ValueCodec.NONE),
  WSS(478, "wss", ValueCodec.NONE),
  MEMORY(777, "memory", ValueCodec.NUMBER);

  private static final Map<Integer, Protocol> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(Protocol::code, Function.identity()));
  private static final Map<String, Protocol> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Protocol::text, Function.identity()));

  private final int code;
  private final String text;
  private final ValueCodec codec;

  Protocol(int code, String text, ValueCodec codec) {
    this.code = code;
    this.text = text;
    this.codec = codec;
  }

  /** Its number on the wire. */
  public int code() {
    return code;
  }

  /** Its name in an address's text. */
  public String text() {
    return text;
  }

  /** Whether a value follows the name. */
  public boolean hasValue() {
    return codec != ValueCodec.NONE;
  }

  ValueCodec codec() {
    return codec;
  }

  static Optional<Protocol> ofCode(long code) {
    return Optional.ofNullable(BY_CODE.get((int) Math.min(code, Integer.MAX_VALUE)));
  }

  /** {@code ipfs} is what {@code p2p} was once called. */
  static Optional<Protocol> ofText(String text) {
    return Optional.ofNullable(BY_NAME.get(text.equals("ipfs") ? "p2p" : text));
  }
}
