package dev.kith.libp2p.multiaddr;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiformats.Varint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A self-describing network address, such as {@code /ip4/127.0.0.1/tcp/4001/p2p/12D3Koo...}: one or
 * more protocols, outermost first. Equal addresses have equal text and equal bytes.
 */
public record Multiaddr(List<Component> components) {
  /** The longest address that is taken from the wire. */
  public static final int BYTES_MAX = 512;

  /** The most protocols in one address. */
  public static final int COMPONENTS_MAX = 16;

  public Multiaddr {
    components = List.copyOf(components);
    if (components.isEmpty() || components.size() > COMPONENTS_MAX) {
      throw new IllegalArgumentException("components: " + components.size());
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is malformed or names an unknown protocol
   */
  public static Multiaddr parse(String text) {
    if (!text.startsWith("/") || text.length() > 4 * BYTES_MAX) {
      throw new IllegalArgumentException("multiaddr: must begin with '/': " + text);
    }
    String[] parts = text.substring(1).split("/", -1);
    int end = parts[parts.length - 1].isEmpty() ? parts.length - 1 : parts.length;
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      String name = parts[i];
      Protocol protocol =
          Protocol.ofText(name)
              .orElseThrow(() -> new IllegalArgumentException("multiaddr: unknown: " + name));
      if (!protocol.hasValue()) {
        components.add(new Component(protocol, Bytes.EMPTY));
      } else if (++i < end) {
        components.add(Component.parse(protocol, parts[i]));
      } else {
        throw new IllegalArgumentException("multiaddr: no value for " + name);
      }
    }
    return new Multiaddr(components);
  }

  /**
   * Reads the binary form.
   *
   * @throws ProtocolViolationException when it is malformed or names an unknown protocol
   */
  public static Multiaddr decode(Bytes encoded) throws ProtocolViolationException {
    if (encoded.size() > BYTES_MAX) {
      throw new ProtocolViolationException("multiaddr: " + encoded.size() + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toArray());
    List<Component> components = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        long code = Varint.get(in);
        Protocol protocol =
            Protocol.ofCode(code)
                .orElseThrow(() -> new ProtocolViolationException("multiaddr: unknown: " + code));
        int size = protocol.codec().size();
        long length = size == ValueCodec.PREFIXED ? Varint.get(in) : size;
        if (length > in.remaining()) {
          throw new ProtocolViolationException("multiaddr: cut off");
        }
        byte[] value = new byte[(int) length];
        in.get(value);
        components.add(new Component(protocol, Bytes.wrap(value)));
      }
      return new Multiaddr(components);
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolationException("multiaddr: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a list of binary addresses and leaves out those that are malformed or speak of unknown
   * protocols: peers announce addresses of transports that others have never heard of.
   *
   * @param max how many to take at most
   */
  public static List<Multiaddr> decodeKnown(Collection<Bytes> encoded, int max) {
    List<Multiaddr> known = new ArrayList<>();
    for (Bytes address : encoded) {
      if (known.size() == max) {
        break;
      }
      try {
        known.add(decode(address));
      } catch (ProtocolViolationException expected) {
        // One strange address must not spoil the others.
      }
    }
    return known;
  }

  /** {@code /ip4/.../tcp/...}, or ip6. */
  public static Multiaddr ofTcp(InetSocketAddress address) {
    return of(address, Protocol.TCP, List.of());
  }

  /** {@code /ip4/.../udp/.../quic-v1}, or ip6. */
  public static Multiaddr ofQuic(InetSocketAddress address) {
    return of(address, Protocol.UDP, List.of(Protocol.QUIC_V1));
  }

  /** {@code /ip4/.../tcp/.../ws}, or ip6. */
  public static Multiaddr ofWebSocket(InetSocketAddress address) {
    return of(address, Protocol.TCP, List.of(Protocol.WS));
  }

  /** {@code /ip4/.../tcp/.../tls/ws}, or ip6. */
  public static Multiaddr ofSecureWebSocket(InetSocketAddress address) {
    return of(address, Protocol.TCP, List.of(Protocol.TLS, Protocol.WS));
  }

  private static Multiaddr of(
      InetSocketAddress address, Protocol transport, List<Protocol> further) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("address: unresolved: " + address);
    }
    List<Component> parts = new ArrayList<>();
    parts.add(ofIp(address.getAddress()));
    parts.add(
        new Component(transport, Bytes.of(address.getPort() >>> 8, address.getPort() & 0xff)));
    further.forEach(protocol -> parts.add(new Component(protocol, Bytes.EMPTY)));
    return new Multiaddr(parts);
  }

  private static Component ofIp(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    return new Component(bytes.length == 4 ? Protocol.IP4 : Protocol.IP6, Bytes.wrap(bytes));
  }

  /** The binary form. */
  public Bytes encoded() {
    List<Bytes> parts = new ArrayList<>();
    for (Component component : components) {
      parts.add(Bytes.wrap(Varint.encode(component.protocol().code())));
      if (component.protocol().codec().size() == ValueCodec.PREFIXED) {
        parts.add(Bytes.wrap(Varint.encode(component.value().size())));
      }
      parts.add(component.value());
    }
    return Bytes.wrap(Bytes.concatenate(parts).toArray());
  }

  /** The text of the first component of a protocol. */
  public Optional<String> value(Protocol protocol) {
    return components.stream()
        .filter(c -> c.protocol() == protocol)
        .map(Component::text)
        .findFirst();
  }

  /** The peer that the address ends with, if it names one. */
  public Optional<PeerId> peer() {
    Component last = components.getLast();
    return last.protocol() == Protocol.P2P
        ? Optional.of(PeerId.fromBytes(last.value()))
        : Optional.empty();
  }

  /** This address with {@code /p2p/...} at its end, in place of any that it ended with. */
  public Multiaddr withPeer(PeerId peer) {
    List<Component> parts = new ArrayList<>(withoutPeer().components);
    parts.add(new Component(Protocol.P2P, peer.multihash()));
    return new Multiaddr(parts);
  }

  /** This address without a {@code /p2p/...} at its end; an address that is nothing else stays. */
  public Multiaddr withoutPeer() {
    return peer().isPresent() && components.size() > 1
        ? new Multiaddr(components.subList(0, components.size() - 1))
        : this;
  }

  /**
   * Where to connect by plain TCP; empty for any other kind of address. A DNS name is left
   * unresolved.
   */
  public Optional<InetSocketAddress> tcpAddress() {
    return socketAddress(Protocol.TCP, List.of());
  }

  /** As {@link #tcpAddress}, for QUIC version 1 over UDP. */
  public Optional<InetSocketAddress> quicAddress() {
    return socketAddress(Protocol.UDP, List.of(Protocol.QUIC_V1));
  }

  /** As {@link #tcpAddress}, for WebSocket without TLS below it. */
  public Optional<InetSocketAddress> webSocketAddress() {
    return socketAddress(Protocol.TCP, List.of(Protocol.WS));
  }

  /**
   * As {@link #tcpAddress}, for WebSocket over TLS: {@code /tls/ws}, {@code /tls/sni/NAME/ws}, or
   * {@code /wss}, which is the same as the first.
   */
  public Optional<InetSocketAddress> secureWebSocketAddress() {
    return socketAddress(Protocol.TCP, List.of(Protocol.TLS, Protocol.WS))
        .or(() -> socketAddress(Protocol.TCP, List.of(Protocol.TLS, Protocol.SNI, Protocol.WS)))
        .or(() -> socketAddress(Protocol.TCP, List.of(Protocol.WSS)));
  }

  private Optional<InetSocketAddress> socketAddress(Protocol transport, List<Protocol> further) {
    List<Component> parts = withoutPeer().components;
    List<Protocol> after =
        parts.subList(Math.min(2, parts.size()), parts.size()).stream()
            .map(Component::protocol)
            .toList();
    if (parts.size() < 2 || parts.get(1).protocol() != transport || !after.equals(further)) {
      return Optional.empty();
    }
    int port = parts.get(1).value().toInt();
    Component first = parts.getFirst();
    return switch (first.protocol()) {
      case IP4, IP6 -> Optional.of(new InetSocketAddress(ip(first), port));
      case DNS, DNS4, DNS6 -> Optional.of(InetSocketAddress.createUnresolved(first.text(), port));
      case TCP, DNSADDR, UDP, P2P_CIRCUIT, P2P, TLS, SNI, QUIC_V1, WS, WSS, MEMORY ->
          Optional.empty();
    };
  }

  /** The IP address that this begins with. */
  public Optional<InetAddress> ip() {
    Component first = components.getFirst();
    return first.protocol() == Protocol.IP4 || first.protocol() == Protocol.IP6
        ? Optional.of(ip(first))
        : Optional.empty();
  }

  private static InetAddress ip(Component component) {
    try {
      return InetAddress.getByAddress(component.value().toArray());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("its length was checked", e);
    }
  }

  /** The text form: what {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Component component : components) {
      text.append('/').append(component.protocol().text());
      if (component.protocol().hasValue()) {
        text.append('/').append(component.text());
      }
    }
    return text.toString();
  }
}
