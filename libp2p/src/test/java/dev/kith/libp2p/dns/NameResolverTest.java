package dev.kith.libp2p.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.dns.NameResolver.Resolved;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NameResolverTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();
  private static final PeerId OTHER = Keys.fromSeed(KeyType.ED25519, 2).publicKey().peerId();
  private static final Duration SOON = Duration.ofSeconds(20);

  private final FakeDns dns = new FakeDns();

  /** Knows what a test tells it. */
  private static class FakeDns implements Dns {
    final Map<String, List<String>> texts = new HashMap<>();
    final Map<String, List<InetAddress>> addresses = new HashMap<>();
    final AtomicInteger questions = new AtomicInteger();

    void address(String name, String... ips) {
      addresses.put(name, Stream.of(ips).map(InetAddress::ofLiteral).toList());
    }

    void text(String name, String... records) {
      texts.put("_dnsaddr." + name, List.of(records));
    }

    @Override
    public List<InetAddress> addresses(String name) throws IOException {
      return answer(addresses, name);
    }

    @Override
    public List<String> texts(String name) throws IOException {
      return answer(texts, name);
    }

    private <T> List<T> answer(Map<String, List<T>> from, String name) throws IOException {
      questions.incrementAndGet();
      List<T> found = from.get(name);
      if (found == null) {
        throw new UnknownHostException(name);
      }
      return found;
    }
  }

  private Resolved resolve(String... addresses) throws InterruptedException {
    return new NameResolver(dns)
        .resolve(
            PEER,
            Stream.of(addresses).map(Multiaddr::parse).toList(),
            System.nanoTime() + SOON.toNanos());
  }

  private static List<String> text(Resolved resolved) {
    return resolved.addresses().stream().map(Multiaddr::toString).toList();
  }

  @Test
  void addressesWithoutNames_stayAndAskNobody() throws Exception {
    assertThat(text(resolve("/ip4/1.1.1.1/tcp/1/p2p/" + PEER, "/ip4/1.1.1.1/tcp/1")))
        .containsExactly("/ip4/1.1.1.1/tcp/1");
    assertThat(dns.questions).hasValue(0);
  }

  @Test
  void names_becomeAddressesOfTheirFamily() throws Exception {
    dns.address("a.test", "1.1.1.1", "2001:db8::1");
    assertThat(text(resolve("/dns/a.test/tcp/1")))
        .containsExactly("/ip4/1.1.1.1/tcp/1", "/ip6/2001:db8::1/tcp/1");
    assertThat(text(resolve("/dns4/a.test/udp/1/quic-v1")))
        .containsExactly("/ip4/1.1.1.1/udp/1/quic-v1");
    assertThat(text(resolve("/dns6/a.test/tcp/1/ws"))).containsExactly("/ip6/2001:db8::1/tcp/1/ws");
    dns.address("four.test", "1.1.1.1");
    assertThat(resolve("/dns6/four.test/tcp/1").failures())
        .singleElement()
        .asString()
        .contains("four.test");
  }

  @Test
  void unknownName_isOneFailureAndSpoilsNothing() throws Exception {
    Resolved resolved = resolve("/dns4/no.test/tcp/1", "/ip4/1.1.1.1/tcp/1");
    assertThat(text(resolved)).containsExactly("/ip4/1.1.1.1/tcp/1");
    assertThat(resolved.failures()).singleElement().asString().contains("no.test");
  }

  @Test
  void dnsaddr_standsForWhatItsTextsSayOfThisPeer() throws Exception {
    dns.text(
        "boot.test",
        "dnsaddr=/ip4/1.1.1.1/tcp/1/p2p/" + PEER,
        "dnsaddr=/ip4/2.2.2.2/tcp/1/p2p/" + OTHER,
        "dnsaddr=/ip4/3.3.3.3/tcp/1",
        "dnsaddr=/ip4/4.4.4.4/udp/1/webtransport/certhash/uEi",
        "dnsaddr=nonsense",
        "v=spf1 -all");
    assertThat(text(resolve("/dnsaddr/boot.test/p2p/" + PEER)))
        .containsExactly("/ip4/1.1.1.1/tcp/1", "/ip4/3.3.3.3/tcp/1");
  }

  @Test
  void dnsaddr_isFilteredByWhatFollowsTheName() throws Exception {
    dns.text("boot.test", "dnsaddr=/ip4/1.1.1.1/tcp/1", "dnsaddr=/ip4/1.1.1.1/udp/1/quic-v1");
    assertThat(text(resolve("/dnsaddr/boot.test/quic-v1")))
        .containsExactly("/ip4/1.1.1.1/udp/1/quic-v1");
  }

  @Test
  void dnsaddr_mayLeadToFurtherNames() throws Exception {
    dns.text("boot.test", "dnsaddr=/dnsaddr/sub.test/p2p/" + PEER);
    dns.text("sub.test", "dnsaddr=/dns4/a.test/tcp/1/p2p/" + PEER);
    dns.address("a.test", "1.1.1.1");
    assertThat(text(resolve("/dnsaddr/boot.test"))).containsExactly("/ip4/1.1.1.1/tcp/1");
  }

  @Test
  void dnsaddrThatLeadsToItself_endsSoon() throws Exception {
    String[] twice = {"dnsaddr=/dnsaddr/boot.test", "dnsaddr=/dnsaddr/boot.test"};
    dns.text("boot.test", twice);
    Resolved resolved = resolve("/dnsaddr/boot.test");
    assertThat(resolved.addresses()).isEmpty();
    assertThat(resolved.failures()).isNotEmpty();
    assertThat(dns.questions.get()).isLessThanOrEqualTo(NameResolver.QUESTIONS_MAX);
  }

  @Test
  void floodOfTexts_isBounded() throws Exception {
    List<String> flood = new ArrayList<>();
    for (int port = 1; port <= 500; port++) {
      flood.add("dnsaddr=/ip4/1.1.1.1/tcp/" + port);
      flood.add("dnsaddr=/dns4/a" + port + ".test/tcp/1");
    }
    dns.text("boot.test", flood.toArray(String[]::new));
    assertThat(resolve("/dnsaddr/boot.test").addresses()).hasSize(NameResolver.ADDRESSES_MAX);
    assertThat(dns.questions.get()).isLessThanOrEqualTo(NameResolver.QUESTIONS_MAX);
  }

  @Test
  void manyAddressesOfOnePeer_shareTheirQuestions() throws Exception {
    String[] names = new String[50];
    for (int i = 0; i < names.length; i++) {
      names[i] = "/dns4/a" + i + ".test/tcp/1";
    }
    assertThat(resolve(names).failures()).hasSize(names.length);
    assertThat(dns.questions).hasValue(NameResolver.QUESTIONS_MAX);
  }

  /** As the system's is. The test would wait for ever. */
  @Test
  @Timeout(20)
  void resolverThatCannotBeInterrupted_isNotWaitedFor() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    Dns deaf =
        new FakeDns() {
          @Override
          public List<InetAddress> addresses(String name) throws IOException {
            while (answer.getCount() > 0) {
              try {
                answer.await();
              } catch (InterruptedException e) {
                questions.incrementAndGet(); // and goes on
              }
            }
            throw new UnknownHostException(name);
          }
        };
    Resolved resolved =
        new NameResolver(deaf)
            .resolve(
                PEER,
                List.of(Multiaddr.parse("/dns4/a.test/tcp/1")),
                System.nanoTime() + Duration.ofMillis(200).toNanos());
    assertThat(resolved.failures()).hasSize(1);
    answer.countDown();
  }

  @Test
  void nameServerThatIsSilent_failsInTimeAndSpoilsNothing() throws Exception {
    Dns silent =
        new FakeDns() {
          @Override
          public List<InetAddress> addresses(String name) throws IOException {
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IOException("interrupted");
          }
        };
    Resolved resolved =
        new NameResolver(silent)
            .resolve(
                PEER,
                List.of(
                    Multiaddr.parse("/dns4/a.test/tcp/1"), Multiaddr.parse("/ip4/1.1.1.1/tcp/1")),
                System.nanoTime() + Duration.ofMillis(200).toNanos());
    assertThat(text(resolved)).containsExactly("/ip4/1.1.1.1/tcp/1");
    assertThat(resolved.failures()).hasSize(1);
  }
}
