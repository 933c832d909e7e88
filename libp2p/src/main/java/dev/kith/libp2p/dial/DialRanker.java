package dev.kith.libp2p.dial;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import dev.kith.libp2p.multiaddr.Reach;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Plans a dial as go-libp2p does, after RFC 8305 ("happy eyeballs"): few attempts at once, and no
 * time lost where the first is the one that succeeds.
 *
 * <p>Addresses of this network (loopback, link-local, private) and those of the internet are
 * planned side by side. Within each group QUIC comes before TCP and that before WebSocket, IPv6
 * before IPv4, the lower port before the higher. The first begins at once; the first of the other
 * IP version a step later, the rest of the transport a further step later; and the next transport a
 * step after the last of the one before. A step is the time of a round trip, roughly: 250 ms, or 30
 * ms on this network. Where this machine has no IPv6 such addresses come last.
 */
public final class DialRanker {
  static final Duration PUBLIC_STEP = Duration.ofMillis(250);
  static final Duration PRIVATE_STEP = Duration.ofMillis(30);

  private DialRanker() {}

  /**
   * An attempt that is planned.
   *
   * @param delay after the beginning of the dial
   */
  public record Planned(Multiaddr address, Duration delay) {}

  private enum Kind {
    QUIC,
    TCP,
    WEB_SOCKET
  }

  /**
   * The plan, the earliest attempt first.
   *
   * @param addresses that begin with an IP address
   * @param ip6 whether this machine can reach the internet by IPv6
   */
  public static List<Planned> plan(List<Multiaddr> addresses, boolean ip6) {
    List<Multiaddr> near = new ArrayList<>();
    List<Multiaddr> far = new ArrayList<>();
    List<Multiaddr> unlikely = new ArrayList<>();
    for (Multiaddr address : addresses) {
      InetAddress ip = ip(address);
      if (isNear(ip)) {
        near.add(address);
      } else if (ip instanceof Inet6Address && !ip6) {
        unlikely.add(address);
      } else {
        far.add(address);
      }
    }
    List<Planned> plan = new ArrayList<>();
    plan(near, PRIVATE_STEP, Duration.ZERO, plan);
    plan(far, PUBLIC_STEP, Duration.ZERO, plan);
    Duration last =
        plan.stream()
            .map(Planned::delay)
            .max(Comparator.naturalOrder())
            .map(PUBLIC_STEP::plus)
            .orElse(Duration.ZERO);
    plan(unlikely, PUBLIC_STEP, last, plan);
    plan.sort(Comparator.comparing(Planned::delay));
    return plan;
  }

  private static void plan(
      List<Multiaddr> group, Duration step, Duration offset, List<Planned> plan) {
    Duration begin = offset;
    for (Kind kind : Kind.values()) {
      List<Multiaddr> ranked =
          group.stream()
              .filter(address -> kind(address) == kind)
              .sorted(Comparator.comparing(DialRanker::isIp4).thenComparingInt(DialRanker::port))
              .toList();
      if (!ranked.isEmpty()) {
        begin = plan(eyeballs(ranked), step, plan, begin).plus(step);
      }
    }
  }

  /** Plans one transport, and says when its last attempt begins. */
  private static Duration plan(
      List<Multiaddr> ranked, Duration step, List<Planned> plan, Duration begin) {
    boolean both = ranked.stream().map(DialRanker::isIp4).distinct().count() == 2;
    Duration delay = begin;
    for (int i = 0; i < ranked.size(); i++) {
      if (i == 1 || (i == 2 && both)) {
        delay = delay.plus(step);
      }
      plan.add(new Planned(ranked.get(i), delay));
    }
    return delay;
  }

  /** Moves the first of the second IP version to the second place. */
  private static List<Multiaddr> eyeballs(List<Multiaddr> ranked) {
    List<Multiaddr> order = new ArrayList<>(ranked);
    boolean first = isIp4(order.getFirst());
    for (int i = 1; i < order.size(); i++) {
      if (isIp4(order.get(i)) != first) {
        order.add(1, order.remove(i));
        break;
      }
    }
    return order;
  }

  private static Kind kind(Multiaddr address) {
    if (address.value(Protocol.UDP).isPresent()) {
      return Kind.QUIC;
    }
    boolean web = address.value(Protocol.WS).or(() -> address.value(Protocol.WSS)).isPresent();
    return web ? Kind.WEB_SOCKET : Kind.TCP;
  }

  private static boolean isIp4(Multiaddr address) {
    return address.components().getFirst().protocol() == Protocol.IP4;
  }

  private static int port(Multiaddr address) {
    return address
        .value(Protocol.UDP)
        .or(() -> address.value(Protocol.TCP))
        .map(Integer::parseInt)
        .orElse(0);
  }

  private static InetAddress ip(Multiaddr address) {
    return address
        .ip()
        .orElseThrow(() -> new IllegalArgumentException("address: begins with no IP: " + address));
  }

  private static boolean isNear(InetAddress ip) {
    return switch (Reach.of(ip)) {
      case LOOPBACK, LINK, PRIVATE -> true;
      case NOWHERE, RESERVED, PUBLIC -> false;
    };
  }
}
