package dev.kith.libp2p.dns;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Component;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/**
 * Replaces DNS names in the addresses of a peer by what they stand for. A {@code /dnsaddr} stands
 * for the addresses in the TXT records of {@code _dnsaddr.NAME}, {@code dnsaddr=ADDRESS} each,
 * which may be of that kind again; those of other peers are left out. Thread-safe.
 */
public final class NameResolver {
  /** How deep one {@code /dnsaddr} may lead to another. */
  static final int DEPTH_MAX = 4;

  /** Questions for the addresses of one peer. */
  static final int QUESTIONS_MAX = 32;

  /** Addresses of one peer. */
  static final int ADDRESSES_MAX = 64;

  private static final Component TLS = new Component(Protocol.TLS, Bytes.EMPTY);
  private static final Component WS = new Component(Protocol.WS, Bytes.EMPTY);
  private static final int TEXT_MAX = 1_024;
  private static final String PREFIX = "dnsaddr=";

  private final Dns dns;

  public NameResolver(Dns dns) {
    this.dns = dns;
  }

  /**
   * What came of names.
   *
   * @param addresses without names and without {@code /p2p}, each once
   * @param failures names that led nowhere, and why
   */
  public record Resolved(List<Multiaddr> addresses, List<String> failures) {
    /** Copies both. */
    public Resolved {
      addresses = List.copyOf(addresses);
      failures = List.copyOf(failures);
    }
  }

  /**
   * Resolves the names among addresses, all at once. Blocks while names are asked for.
   *
   * @param deadline by {@link System#nanoTime}; a name that is not resolved by then has failed
   */
  public Resolved resolve(PeerId peer, List<Multiaddr> addresses, long deadline)
      throws InterruptedException {
    if (addresses.stream().noneMatch(NameResolver::isName)) {
      return new Resolved(
          addresses.stream().map(Multiaddr::withoutPeer).distinct().limit(ADDRESSES_MAX).toList(),
          List.of());
    }
    AtomicInteger questions = new AtomicInteger();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<Search>> searches = new ArrayList<>();
      for (Multiaddr address : addresses) {
        searches.add(threads.submit(() -> search(peer, address, questions, deadline)));
      }
      return collect(addresses, searches, deadline);
    } finally {
      // Not waited for: the system's resolver cannot be interrupted. Each ends with its question.
      threads.shutdownNow();
    }
  }

  private static Resolved collect(
      List<Multiaddr> addresses, List<Future<Search>> searches, long deadline)
      throws InterruptedException {
    Set<Multiaddr> found = new LinkedHashSet<>();
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < searches.size(); i++) {
      try {
        Search search =
            searches.get(i).get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        found.addAll(search.found);
        failures.addAll(search.failures);
      } catch (TimeoutException e) {
        failures.add(addresses.get(i) + ": its name was not resolved in time");
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException("a search failed in an unknown way", e);
      }
    }
    return new Resolved(found.stream().limit(ADDRESSES_MAX).toList(), failures);
  }

  private Search search(PeerId peer, Multiaddr address, AtomicInteger questions, long deadline) {
    Search search = new Search(peer, questions, deadline);
    search.follow(address, 0);
    return search;
  }

  /** Whether an address begins with a name. */
  public static boolean isName(Multiaddr address) {
    return switch (address.components().getFirst().protocol()) {
      case DNS, DNS4, DNS6, DNSADDR -> true;
      case IP4, IP6, TCP, UDP, P2P_CIRCUIT, P2P, TLS, SNI, QUIC_V1, WS, WSS, MEMORY -> false;
    };
  }

  /** One address and all that it leads to. */
  private final class Search {
    private final PeerId peer;
    private final List<Multiaddr> found = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** Of all searches for this peer together. */
    private final AtomicInteger questions;

    private final long deadline;

    Search(PeerId peer, AtomicInteger questions, long deadline) {
      this.peer = peer;
      this.questions = questions;
      this.deadline = deadline;
    }

    void follow(Multiaddr address, int depth) {
      if (address.peer().isPresent() && !address.peer().get().equals(peer)) {
        return;
      }
      Multiaddr target = address.withoutPeer();
      if (!isName(target)) {
        if (found.size() < ADDRESSES_MAX) {
          found.add(target);
        }
        return;
      }
      if (deadline - System.nanoTime() <= 0) {
        return; // nobody waits any more
      }
      if (depth > DEPTH_MAX || questions.incrementAndGet() > QUESTIONS_MAX) {
        failures.add(address + ": leads too far");
        return;
      }
      try {
        if (target.components().getFirst().protocol() == Protocol.DNSADDR) {
          followTexts(target, depth);
        } else {
          followAddresses(target);
        }
      } catch (IOException e) {
        failures.add(address + ": " + e.getMessage());
      }
    }

    private void followAddresses(Multiaddr address) throws IOException {
      Component name = address.components().getFirst();
      boolean any = false;
      for (InetAddress ip : dns.addresses(name.text())) {
        boolean ip4 = ip instanceof Inet4Address;
        boolean fits = name.protocol() == Protocol.DNS || (name.protocol() == Protocol.DNS4) == ip4;
        if (fits && found.size() < ADDRESSES_MAX) {
          any = true;
          Component first =
              new Component(ip4 ? Protocol.IP4 : Protocol.IP6, Bytes.wrap(ip.getAddress()));
          found.add(new Multiaddr(Stream.concat(Stream.of(first), named(address)).toList()));
        }
      }
      if (!any) {
        throw new UnknownHostException(name.text() + " has no address of that family");
      }
    }

    /** What follows the name; TLS below WebSocket is told the name, which is lost otherwise. */
    private static Stream<Component> named(Multiaddr address) {
      Component name = new Component(Protocol.SNI, address.components().getFirst().value());
      boolean told = address.value(Protocol.SNI).isPresent();
      boolean web = address.value(Protocol.WS).isPresent();
      return rest(address)
          .flatMap(
              part ->
                  switch (part.protocol()) {
                    case WSS -> Stream.of(TLS, name, WS);
                    case TLS -> web && !told ? Stream.of(TLS, name) : Stream.of(part);
                    default -> Stream.of(part);
                  });
    }

    /** What follows the name has to be at the end of what it stands for. */
    private void followTexts(Multiaddr address, int depth) throws IOException {
      List<Component> end = rest(address).toList();
      for (String text : dns.texts("_dnsaddr." + address.components().getFirst().text())) {
        if (!text.startsWith(PREFIX) || text.length() > TEXT_MAX) {
          continue;
        }
        try {
          Multiaddr next = Multiaddr.parse(text.substring(PREFIX.length()));
          List<Component> all = next.withoutPeer().components();
          if (all.size() >= end.size()
              && all.subList(all.size() - end.size(), all.size()).equals(end)) {
            follow(next, depth + 1);
          }
        } catch (IllegalArgumentException e) {
          // Of a kind that is not known here, as those of browsers: no reason to miss the others.
        }
      }
    }

    private static Stream<Component> rest(Multiaddr address) {
      return address.components().stream().skip(1);
    }
  }
}
