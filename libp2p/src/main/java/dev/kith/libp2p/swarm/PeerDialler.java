package dev.kith.libp2p.swarm;

import dev.kith.libp2p.dial.DialBackoff;
import dev.kith.libp2p.dial.DialRanker;
import dev.kith.libp2p.dial.Dialler;
import dev.kith.libp2p.dns.NameResolver;
import dev.kith.libp2p.host.DialTargets;
import dev.kith.libp2p.host.GatedException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Reach;
import dev.kith.libp2p.resource.LimitReachedException;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Dials peers: resolves names, leaves out what has failed lately, ranks the rest and tries it on
 * the transports. Thread-safe.
 */
final class PeerDialler {
  /** Addresses of one peer that are tried in one dial. */
  private static final int ADDRESSES_MAX = 16;

  /** A name server that is silent must not keep the other addresses waiting for longer. */
  private static final Duration NAMES_MAX = Duration.ofSeconds(5);

  private final List<Transport> transports;
  private final NameResolver names;
  private final DialBackoff backoff;
  private final BooleanSupplier ip6;

  /**
   * @param ip6 whether this machine can reach the internet by IPv6
   */
  PeerDialler(
      List<Transport> transports, NameResolver names, DialBackoff backoff, BooleanSupplier ip6) {
    this.transports = transports;
    this.names = names;
    this.backoff = backoff;
    this.ip6 = ip6;
  }

  /**
   * A connection over the first address that leads to the peer. Blocks.
   *
   * @throws IOException that names every address and why it failed
   */
  MuxedConnection dial(PeerId peer, DialTargets named, Duration timeout)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    long resolved = Math.min(deadline, System.nanoTime() + NAMES_MAX.toNanos());
    List<String> skipped = new ArrayList<>();
    List<Multiaddr> targets = new ArrayList<>(targets(peer, named.given(), resolved, skipped));
    List<Multiaddr> further = new ArrayList<>(targets(peer, named.known(), resolved, skipped));
    further.addAll(heard(peer, named.heard(), resolved, skipped));
    for (Multiaddr target : further) {
      if (backoff.until(peer, target).isPresent()) {
        skipped.add(target + ": failed lately, and is left alone for a while");
      } else if (!targets.contains(target)) {
        targets.add(target);
      }
    }
    List<Multiaddr> tried = targets.stream().limit(ADDRESSES_MAX).toList();
    if (tried.isEmpty()) {
      throw new IOException(
          "no address of " + peer + " can be dialled: " + String.join("; ", skipped));
    }
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    try {
      return new Dialler<MuxedConnection>(
              address -> attempt(peer, address, deadline), PeerDialler::discard)
          .dial(DialRanker.plan(tried, ip6.getAsBoolean()), left);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      List<String> reasons =
          Stream.concat(Stream.of(String.valueOf(e.getMessage())), skipped.stream()).toList();
      throw new IOException("no connection to " + peer + ": " + String.join("; ", reasons), e);
    }
  }

  /** What names stand for that peers told must be public: addresses were judged when heard. */
  private List<Multiaddr> heard(
      PeerId peer, List<Multiaddr> addresses, long deadline, List<String> skipped)
      throws InterruptedException {
    Map<Boolean, List<Multiaddr>> names =
        addresses.stream().collect(Collectors.partitioningBy(NameResolver::isName));
    List<Multiaddr> targets =
        new ArrayList<>(targets(peer, names.getOrDefault(false, List.of()), deadline, skipped));
    for (Multiaddr target : targets(peer, names.getOrDefault(true, List.of()), deadline, skipped)) {
      if (target.ip().filter(ip -> Reach.of(ip) == Reach.PUBLIC).isPresent()) {
        targets.add(target);
      } else {
        skipped.add(target + ": not public, and by a name that only peers told");
      }
    }
    return targets;
  }

  private List<Multiaddr> targets(
      PeerId peer, List<Multiaddr> addresses, long deadline, List<String> skipped)
      throws InterruptedException {
    NameResolver.Resolved resolved = names.resolve(peer, addresses, deadline);
    skipped.addAll(resolved.failures());
    List<Multiaddr> targets = new ArrayList<>();
    for (Multiaddr address : resolved.addresses()) {
      if (transport(address).isPresent()) {
        targets.add(address);
      } else {
        skipped.add(address + ": no transport for it");
      }
    }
    return targets;
  }

  private Optional<Transport> transport(Multiaddr address) {
    return transports.stream().filter(t -> t.dials(address)).findFirst();
  }

  private MuxedConnection attempt(PeerId peer, Multiaddr address, long deadline)
      throws IOException, InterruptedException {
    try {
      MuxedConnection connection = transport(address).orElseThrow().dial(peer, address, deadline);
      backoff.succeeded(peer, address);
      return connection;
    } catch (GatedException | LimitReachedException e) {
      throw e; // the address is not to blame
    } catch (IOException e) {
      boolean cancelled =
          e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException);
      if (!cancelled) {
        backoff.failed(peer, address);
      }
      throw e;
    }
  }

  /** Closes a connection that nobody has taken. */
  static void discard(MuxedConnection connection) {
    connection.close();
    connection.scope().close();
  }
}
